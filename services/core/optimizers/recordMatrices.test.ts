import { describe, expect, it } from "vitest";
import { lerp, type MatrixAlgebra } from "./matrixAlgebra.js";
import { type MatrixComputation, mostNumbers, recordMatrices } from "./recordMatrices.js";
import { type Matrix, referenceAlgebra } from "./referenceAlgebra.js";

function given(rows: number, columns: number): Matrix {
  return { rows, columns, values: Float64Array.from({ length: rows * columns }, (_, at) => Math.sin(at + rows)) };
}

function replay({ operations, results }: MatrixComputation, inputs: readonly Matrix[]): (Matrix | undefined)[] {
  const computed = [...inputs];
  for (const { run, result } of operations) computed[result.place] = run(referenceAlgebra, ({ place }) => computed[place] ?? given(0, 0));
  return results.map(({ place }) => computed[place]);
}

/** Every operation of an algebra. */
function everything<M>(algebra: MatrixAlgebra<M>, a: M, b: M): M[] {
  const gram = algebra.matmul(a, a, false, true);
  const keys = algebra.sum(a, "rows");
  return [
    ...(["add", "sub", "mul", "div", "max"] as const).map((name) => algebra[name](a, algebra.sum(b, "columns"))),
    algebra.sqrt(algebra.mul(a, a)),
    algebra.matmul(algebra.transpose(a), b),
    algebra.matmul(a, b, true),
    algebra.sum(a, "all"),
    algebra.orthogonalize(algebra.transpose(a)),
    algebra.eigenvectors(gram),
    algebra.permute(b, algebra.order(keys), "columns"),
    algebra.zeros(2, 3),
    algebra.constant(0.5),
  ];
}

describe("a recorded computation", () => {
  it("computes what the formula does, with the shapes that it says", () => {
    const [a, b] = [given(3, 5), given(3, 5)];
    const computation = recordMatrices([a, b], (algebra, [x, y]) => (x && y ? everything(algebra, x, y) : []));
    expect(replay(computation, [a, b])).toEqual(everything(referenceAlgebra, a, b));
    for (const [at, { rows, columns }] of computation.results.entries())
      expect([rows, columns]).toEqual(referenceAlgebra.shape(replay(computation, [a, b])[at] ?? given(0, 0)));
  });

  it("leaves out what no result needs", () => {
    const computation = recordMatrices([given(2, 2)], (algebra, [x]) => {
      if (!x) return [];
      algebra.sqrt(algebra.mul(x, x));
      return [algebra.add(x, x)];
    });
    expect(computation.operations.map(({ name }) => name)).toEqual(["add"]);
  });

  it("names each matrix once, after the last operation that needs it, and no result", () => {
    const computation = recordMatrices([given(2, 2)], (algebra, [x]) => {
      if (!x) return [];
      const twice = algebra.add(x, x);
      return [algebra.mul(twice, twice), twice];
    });
    expect(computation.operations.map(({ lastUses }) => lastUses.map(({ place }) => place))).toEqual([[0], []]);
  });

  it("keeps three matrices at a time for a moving average, and fewer where it may free what it starts from", () => {
    const shape = { rows: 100, columns: 50 };
    const average = recordMatrices([shape, shape], (algebra, [value, old]) => (value && old ? [lerp(algebra, value, old, 0.9)] : []));
    expect(mostNumbers(average, new Set([0, 1]))).toBe(15_000);
    expect(mostNumbers(average, new Set([0]))).toBe(10_000);
    // One factor stands beside a product.
    expect(mostNumbers(average, new Set())).toBe(5001);
  });
});
