import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { describe, expect, test } from "vitest";
import { optimizers } from "#core/optimizers/catalogue.js";
import { compileProgram } from "#core/optimizers/compileProgram.js";
import { isDecayed } from "#core/optimizers/decayMask.js";
import type { StepScalars } from "#core/optimizers/evaluateScalars.js";
import { type Instruction, type Opcode, opcodes, type Program } from "#core/optimizers/program.js";
import { runReference } from "#core/optimizers/referenceExecutor.js";
import { validateOptimizer } from "#core/optimizers/validateOptimizer.js";
import { goldens, gradient, problemNames, shapeOf, start } from "../../../test/goldens/optimizers/problems.js";
import { runOp, tf } from "../tensorflow.js";
import type { Executor } from "./executor.js";
import { nativeExecutor } from "./nativeExecutor.js";
import { tensorExecutor } from "./tensorExecutor.js";

const executors = { native: nativeExecutor, tensor: tensorExecutor };
const executorNames = ["native", "tensor"] as const;

/** A tensor's streams in float64, holding float32 values so that both sides start from the same state. */
interface Streams {
  name: string;
  parameter: Float64Array;
  gradient: Float64Array;
  states: Float64Array[];
  scalars: { decayed: number };
}

/** Runs one step on TensorFlow from these values and returns what they became, in the same order, with the norms. */
function runOnEngine(
  execute: Executor,
  streams: readonly Streams[],
  step: StepScalars,
): { values: Float32Array[][]; update: number; parameter: number } {
  const tensorsBefore = tf.memory().numTensors;
  const tensors = streams.map(({ name, parameter, gradient, states, scalars }) => ({
    name,
    parameter: owned(parameter),
    gradient: owned(gradient),
    states: states.map(owned),
    scalars,
  }));
  const { norms, replaced } = execute(tensors, step);
  const after = replaced.length > 0 ? replaced : tensors;
  const values = after.map(({ parameter, states }) =>
    [parameter, ...states].map((tensor) => Float32Array.from(tensor.dataSync<"float32">())),
  );
  for (const { parameter, states } of [...tensors, ...replaced]) tf.dispose([parameter, ...states]);
  for (const { gradient } of tensors) gradient.dispose();
  expect(tf.memory().numTensors).toBe(tensorsBefore);
  return { values, ...norms };
}

function owned(values: Float64Array): Tensor {
  return tf.tidy(() => runOp("DeepCopy", [tf.tensor1d(Float32Array.from(values))]));
}

function rootMeanSquare(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / Math.max(1, values.length));
}

/** The elements that differ by more than 1e-6 of `scale`, in words. */
function differences(actual: ArrayLike<number>, expected: Float64Array, scale: number, what: string): string[] {
  if (actual.length !== expected.length) return [`${what} has ${actual.length} elements, the reference ${expected.length}`];
  return Array.from(expected, (value, i) =>
    Math.abs((actual[i] ?? Number.NaN) - value) <= 1e-6 * scale
      ? ""
      : `${what}[${i}] is ${actual[i]}, the reference ${value}, the scale ${scale}`,
  ).filter((text) => text !== "");
}

const settings = [
  ...optimizers.map(({ name }) => ({ optimizer: name, hyperparameters: {} })),
  ...goldens.runs.filter(({ problem }) => problem === "network").map(({ optimizer, hyperparameters }) => ({ optimizer, hyperparameters })),
];

describe.each(executorNames)("the %s executor follows the reference in lockstep", (executorName) => {
  const cases = settings.flatMap((setting) =>
    problemNames.map((problem) => ({ ...setting, problem, label: JSON.stringify(setting.hyperparameters) })),
  );
  test.each(cases)("$optimizer $label on $problem", ({ optimizer, hyperparameters: given, problem }) => {
    const { faults, hyperparameters } = validateOptimizer({ name: optimizer, hyperparameters: given }, "optimizer");
    expect(faults).toEqual([]);
    const program = compileProgram(optimizers.find(({ name }) => name === optimizer)?.chain ?? [], hyperparameters);
    const execute = executors[executorName](program);
    const point = start(problem);
    const states = new Map(
      Object.entries(point).map(([name, values]) => [
        name,
        program.states.map(({ initial }) => new Float64Array(values.length).fill(initial)),
      ]),
    );
    // The largest root mean square that a tensor had: where a sum cancels to nearly nothing, rounding is relative to what was summed.
    const scales = new Map<string, number>();
    for (let step = 1; step <= 100; step++) {
      const gradients = gradient(problem, point);
      const streams = Object.entries(point).map(([name, parameter]) => ({
        name,
        parameter,
        gradient: gradients[name] ?? new Float64Array(),
        states: states.get(name) ?? [],
        scalars: { decayed: isDecayed(name, shapeOf(name, parameter)) ? 1 : 0 },
      }));
      for (const { parameter, gradient, states } of streams) [parameter, gradient, ...states].forEach(roundToFloat32);
      const scalars = {
        learningRate: Number(hyperparameters["learning_rate"]) * 0.9 ** (step / 50),
        step,
        gradientScale: step % 3 === 0 ? 0.5 : 1,
      };
      const engine = runOnEngine(execute, streams, scalars);
      const norms = streams.map((stream) => runReference(program, stream, scalars));
      expect(engine.update).toBeCloseTo(Math.hypot(...norms.map(({ update }) => update)), 5);
      expect(engine.parameter).toBeCloseTo(Math.hypot(...norms.map(({ parameter }) => parameter)), 5);
      streams.forEach(({ name, parameter, states }, index) =>
        [parameter, ...states].forEach((expected, at) => {
          const what = `${name}, ${at === 0 ? "parameter" : program.states[at - 1]?.key}`;
          const scale = Math.max(scales.get(what) ?? 0, rootMeanSquare(expected));
          scales.set(what, scale);
          expect(differences(engine.values[index]?.[at] ?? [], expected, scale, `${what}, step ${step}`)).toEqual([]);
        }),
      );
    }
  });
});

function roundToFloat32(values: Float64Array): void {
  values.forEach((value, i) => (values[i] = Math.fround(value)));
}

/** A program of one instruction that reads parameter, gradient and the state, and leaves its result in the parameter. */
function single(opcode: Opcode): Program {
  const counts: Partial<Record<Opcode, number>> = { fill: 0, select: 3 };
  const binary: Opcode[] = ["add", "mul", "div", "max", "min", "greater", "scaleAdd", "squareScaleAdd", "scaledDivide"];
  const sources = [0, 1, 2].slice(0, counts[opcode] ?? (binary.includes(opcode) ? 2 : 1));
  const instruction: Instruction = { opcode, destination: 0, sources, scalars: [0, 1] };
  const sum: Instruction = { opcode: "sumSquares", destination: 1, sources: [0], scalars: [] };
  const constants = [0.75, -0.5].map((value) => ({ kind: "constant", value }) as const);
  return {
    states: [{ key: "test.state", initial: 0 }],
    temporaries: 0,
    instructions: [instruction, sum],
    scalars: constants,
    reductions: ["update", "parameter"],
  };
}

describe.each(executorNames)("the %s executor computes each instruction", (executorName) => {
  test.each(opcodes.filter((opcode) => opcode !== "sumSquares"))("%s", (opcode) => {
    const program = single(opcode);
    const streams = [1, 255, 256, 257, 40_001].map((length, at) => ({
      name: `length ${length}`,
      // Exact zeros, equal pairs and both signs are among them; roots are taken of non-negative numbers.
      parameter: Float64Array.from({ length }, (_, i) => (opcode.includes("qrt") ? ((i * 7 + at) % 5) / 4 : (((i * 7 + at) % 11) - 5) / 4)),
      gradient: Float64Array.from({ length }, (_, i) => (opcode.includes("iv") ? 1 + (i % 7) : ((i % 7) - 3) / 2)),
      states: [Float64Array.from({ length }, (_, i) => Math.fround(Math.sin(i)))],
      scalars: { decayed: 1 },
    }));
    if (opcode === "scaledReciprocal") for (const { parameter } of streams) parameter.forEach((value, i) => (parameter[i] = value + 10));
    const step = { learningRate: 1, step: 1, gradientScale: 1 };
    const engine = runOnEngine(executors[executorName](program), streams, step);
    const norms = streams.map((stream) => runReference(program, stream, step).parameter);
    streams.forEach(({ name, parameter }, index) =>
      expect(differences(engine.values[index]?.[0] ?? [], parameter, rootMeanSquare(parameter), name)).toEqual([]),
    );
    const norm = Math.hypot(...norms);
    expect(Math.abs(engine.parameter - norm)).toBeLessThanOrEqual(1e-5 * norm);
  });
});

test("the native executor refuses a gradient of another shape, and says which", () => {
  const execute = nativeExecutor(single("add"));
  const [a, b, wrong] = [owned(Float64Array.of(1, 2)), owned(Float64Array.of(1, 2)), owned(Float64Array.of(1, 2, 3))];
  const run = () =>
    execute([{ name: "x", parameter: a, gradient: wrong, states: [b], scalars: { decayed: 1 } }], {
      learningRate: 1,
      step: 1,
      gradientScale: 1,
    });
  expect(run).toThrow("gradient 0 has shape [3], its parameter [2]");
  expect([...a.dataSync()]).toEqual([1, 2]);
  tf.dispose([a, b, wrong]);
});

test("the native executor refuses integers", () => {
  const execute = nativeExecutor(single("add"));
  const [a, b, wrong] = [owned(Float64Array.of(1, 2)), owned(Float64Array.of(1, 2)), tf.tensor1d([1, 2], "int32")];
  const run = () =>
    execute([{ name: "x", parameter: a, gradient: wrong, states: [b], scalars: { decayed: 1 } }], {
      learningRate: 1,
      step: 1,
      gradientScale: 1,
    });
  expect(run).toThrow(/float.*int32/);
  tf.dispose([a, b, wrong]);
});
