import { describe, expect, test } from "vitest";
import { optimizers } from "#core/optimizers/catalogue.js";
import { composeChain } from "#core/optimizers/chain.js";
import { mostNumbers } from "#core/optimizers/recordMatrices.js";
import { recordedParameter, recordUpdate } from "#core/optimizers/recordUpdate.js";
import { resolveOptimizer } from "#core/optimizers/resolveOptimizer.js";
import { validateOptimizer } from "#core/optimizers/validateOptimizer.js";
import { runOp, tf } from "../tensorflow.js";
import { computeMatrices } from "./computeMatrices.js";

/** Every whole-tensor transform of the catalogue's optimizers, with their defaults. */
const segments = optimizers.flatMap(({ name }) => {
  const { chain, hyperparameters } = resolveOptimizer(validateOptimizer({ name }, "optimizer").selection);
  return composeChain(chain, hyperparameters).segments.flatMap((segment) => (segment.kind === "matrix" ? [{ name, segment }] : []));
});
const lent = new Set([recordedParameter]);
const scalars = { learningRate: 1e-3, decayed: 1 };
const own = (rows: number, columns: number) =>
  runOp("StatelessRandomNormal", [tf.tensor1d([rows, columns], "int32"), tf.tensor1d([1, 2], "int32")], { dtype: { type: "float32" } });

/** Numbers that an operation makes on its way: sorted keys, sides of vectors. */
const besides = 1024;

describe.each(segments)("the update of $name ($segment.name)", ({ segment }) => {
  test.each([
    { step: 1, isVector: false, rows: 300, columns: 40 },
    { step: 2, isVector: false, rows: 40, columns: 300 },
    { step: 11, isVector: false, rows: 120, columns: 120 },
    { step: 3, isVector: true, rows: 5000, columns: 1 },
  ])("keeps as many numbers at a time as the record says, in memory that nothing shares: %j", ({ step, ...shape }) => {
    const computation = recordUpdate(segment, shape, { step, ...scalars });
    const states = Object.values(segment.transform.state(shape, segment.hyper));
    const given = tf.tidy(() => [shape, shape, ...states].map(({ rows, columns }) => tf.square(own(rows, columns))));
    const before = tf.memory();
    let most = 0;
    const watched = computation.operations.map((operation): typeof operation => ({
      ...operation,
      run: (algebra, at) => {
        const result = operation.run(algebra, at);
        most = Math.max(most, tf.memory().numBytes - before.numBytes);
        return result;
      },
    }));
    const results = computeMatrices({ ...computation, operations: watched }, given, lent);
    const expected = mostNumbers(computation, lent);
    expect(most / 4).toBeLessThanOrEqual(expected + besides);
    const decomposes = computation.operations.some(({ name }) => name === "orthogonalize" || name === "eigenvectors");
    if (!decomposes) expect(most / 4).toBeGreaterThanOrEqual(expected - besides);

    // What is written into one of them, as kernels do, reaches no other.
    expect(results.map((tensor) => tensor.shape)).toEqual([shape, ...states].map(({ rows, columns }) => [rows, columns]));
    expect(new Set(results.map(({ dataId }) => dataId)).size).toBe(results.length);
    expect(given[recordedParameter]?.isDisposed).toBe(false);
    expect(tf.memory().numTensors).toBe(before.numTensors);
    tf.dispose([...results, ...given]);
    expect(tf.memory().numTensors).toBe(before.numTensors - given.length);
  });
});
