import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { describe, expect, test } from "vitest";
import { optimizers } from "#core/optimizers/catalogue.js";
import type { Expression } from "#core/optimizers/expression.js";
import { isReduction, type Opcode, opcodes, type Stage } from "#core/optimizers/program.js";
import { factorOf, goldens, gradient, type Point, sampledGradient, shapeOf } from "../../../test/goldens/optimizers/problems.js";
import { referenceRun, resolveRun, type RunSetting, withOracleDefaults } from "../../../test/goldens/optimizers/referenceRun.js";
import { createParameterStore } from "../parameterStore.js";
import { tf } from "../tensorflow.js";
import { createOptimizer } from "./createOptimizer.js";
import type { StreamTable } from "./executor.js";
import { nativeExecutor } from "./nativeExecutor.js";
import { ownCopy } from "./tensorAlgebra.js";
import { tensorExecutor } from "./tensorExecutor.js";

const executors = { native: nativeExecutor, interpreted: () => nativeExecutor("interpreted"), tensor: tensorExecutor };
const executorNames = ["native", "interpreted", "tensor"] as const;

function rootMeanSquare(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / Math.max(1, values.length));
}

/** Eigenvectors turn by rounding times the largest eigenvalue over the gap to the next. */
const illConditioned = /_basis\//;

/** The elements that differ by more than `tolerance` times `scale`, in words. */
function differences(actual: ArrayLike<number>, expected: Float64Array, scale: number, what: string, tolerance = 1e-6): string[] {
  if (actual.length !== expected.length) return [`${what} has ${actual.length} elements, the reference ${expected.length}`];
  return Array.from(expected, (value, i) =>
    Math.abs((actual[i] ?? Number.NaN) - value) <= tolerance * scale
      ? ""
      : `${what}[${i}] is ${actual[i]}, the reference ${value}, the scale ${scale}`,
  ).filter((text) => text !== "");
}

/**
 * Of the reference's 100 steps, those that an executor takes too: it begins each where the reference is, so that none needs the one before.
 * Eight in a row: every moment of what is done each second to eighth step, and of what is done each tenth, most. All 100: STEPWIRE_EVERY_STEP=1.
 */
const isCompared = (step: number): boolean => step < 25 || step % 25 < 8 || process.env["STEPWIRE_EVERY_STEP"] === "1";

/** Every optimizer with its defaults, and every setting of the goldens; theirs under a schedule begin with a learning rate of 0. */
const settings: Omit<RunSetting, "problem">[] = [
  ...optimizers.map(({ name }) => ({ optimizer: name, hyperparameters: {} })),
  ...goldens.runs.filter(({ problem }) => problem === "network").map(withOracleDefaults),
];

describe.each(executorNames)("the %s executor follows the reference in lockstep", (executor) => {
  const cases = settings.map((setting) => ({
    ...setting,
    label:
      JSON.stringify(setting.hyperparameters) +
      (setting.wrappers ?? []).map((wrapper) => ` in ${wrapper.name}`).join("") +
      (setting.scheduled ? " under the goldens' schedule" : ""),
  }));
  test.each(cases)("$optimizer $label", async (setting) => {
    const problem = "network";
    const run = { ...setting, problem } as const;
    const tensorsBefore = tf.memory().numTensors;
    const resolved = resolveRun(run);
    const reference = referenceRun(run);
    const parameters = createParameterStore();
    const put = () => {
      for (const [parameter, values] of Object.entries(reference.point))
        parameters.set(parameter, Float32Array.from(values), shapeOf(problem, parameter, values));
    };
    put();
    const optimizer = createOptimizer({ optimizer: resolved, parameters, executor });
    // The largest root mean square that a tensor had: where a sum cancels to nearly nothing, rounding is relative to what was summed.
    const scales = new Map<string, number>();
    const compare = (what: string, actual: ArrayLike<number>, expected: Float64Array, step: number) => {
      const scale = Math.max(scales.get(what) ?? 0, rootMeanSquare(expected));
      scales.set(what, scale);
      const tolerance = illConditioned.test(what) ? 1e-5 : 1e-6;
      expect(differences(actual, expected, scale, `${what}, step ${step}`, tolerance)).toEqual([]);
    };
    for (let step = 1; step <= 100; step++) {
      rounded(reference.point);
      for (const part of reference.parts) for (const values of part.optimizer.states.values()) roundToFloat32(values);
      const factor = setting.scheduled ? factorOf(setting, step) : 0.9 ** (step / 50);
      const scalars = { factor, gradientScale: step % 3 === 0 ? 0.5 : 1 };
      const input = {
        learningRate: Number(resolved.hyperparameters["learning_rate"]) * scalars.factor,
        step,
        gradientScale: scalars.gradientScale,
      };
      // The second gradient is another batch's. SOAP's first step does not move: with the same gradient again, what it divides in all
      // directions but that one is rounding by rounding.
      let gradients = rounded(step === 2 ? sampledGradient(problem, reference.point, step) : gradient(problem, reference.point));
      const displaced = reference.gradientPoint(gradients, step);
      if (!isCompared(step)) {
        if (displaced) gradients = rounded(gradient(problem, displaced));
        reference.advance(step, { ...scalars, gradients, sampled: rounded(sampledGradient(problem, reference.point, step)) });
        continue;
      }
      put();
      await optimizer.restore(snapshotOf(reference, optimizer.snapshot()));
      expect(optimizer.movesGradient).toBe(displaced !== undefined);
      if (displaced) {
        const at = tensorsOf(gradients);
        await optimizer.atGradientPoint(at, { ...input, gradientScale: 1 }, () => {
          for (const [parameter, values] of Object.entries(displaced))
            compare(`${parameter}, displaced`, parameters.get(parameter).dataSync<"float32">(), values, step);
          return Promise.resolve();
        });
        tf.dispose([...at.values()]);
        gradients = rounded(gradient(problem, displaced));
      }
      const sampled = rounded(sampledGradient(problem, reference.point, step));
      const [tensors, sampledTensors] = [tensorsOf(gradients), tensorsOf(sampled)];
      const engine = optimizer.update(tensors, input, sampledTensors);
      const reports = reference.advance(step, { ...scalars, gradients, sampled });
      tf.dispose([...tensors.values(), ...sampledTensors.values()]);
      for (const key of ["updateNorm", "paramNorm"] as const) {
        const norm = Math.hypot(...reports.map((report) => report[key]));
        expect(Math.abs(engine[key] - norm)).toBeLessThanOrEqual(1e-5 * Math.max(norm, 1e-2));
      }
      const evaluated = Object.entries(reference.evaluationPoint());
      await optimizer.atEvaluationPoint(() => {
        for (const [parameter, values] of evaluated)
          compare(`${parameter}, evaluated`, parameters.get(parameter).dataSync<"float32">(), values, step);
        return Promise.resolve();
      });
      for (const [parameter, values] of Object.entries(reference.point))
        compare(parameter, parameters.get(parameter).dataSync<"float32">(), values, step);
      for (const part of reference.parts)
        for (const [state, values] of part.optimizer.states)
          compare(state, optimizer.state().get(state)?.dataSync<"float32">() ?? [], values, step);
    }
    optimizer.dispose();
    parameters.dispose();
    expect(tf.memory().numTensors).toBe(tensorsBefore);
  });
});

/** The reference's states and scalars, in the shapes that the engine has. */
function snapshotOf(reference: ReturnType<typeof referenceRun>, shapes: ReturnType<ReturnType<typeof createOptimizer>["snapshot"]>) {
  const tensors = reference.parts.flatMap(({ optimizer }) =>
    [...optimizer.states].map(
      ([key, values]) => [key, { shape: shapes.tensors.get(key)?.shape ?? [], values: Float32Array.from(values) }] as const,
    ),
  );
  const scalars = reference.parts.flatMap(({ optimizer: { memory }, parameters }) =>
    [...memory].flatMap(([key, value]) =>
      typeof value === "number"
        ? [[key, value] as const]
        : parameters.map(({ name }, index) => [`${key}/${name}`, value[index] ?? Number.NaN] as const),
    ),
  );
  return { tensors: new Map(tensors), scalars: Object.fromEntries(scalars) };
}

/** Tensors of the network problem's parameters. */
function tensorsOf(values: Point): Map<string, Tensor> {
  return new Map<string, Tensor>(
    Object.entries(values).map(([name, each]) => [name, tf.tensor(Float32Array.from(each), shapeOf("network", name, each))]),
  );
}

/** Rounds to float32 in place. */
function rounded(point: Point): Point {
  for (const values of Object.values(point)) roundToFloat32(values);
  return point;
}

function roundToFloat32(values: Float64Array): void {
  values.forEach((value, i) => (values[i] = Math.fround(value)));
}

/** A stage of one instruction that reads three streams and leaves its result in the first, then its sum and its sum of squares. */
function single(opcode: Opcode): Stage {
  const counts: Partial<Record<Opcode, number>> = { fill: 0, select: 3 };
  const binary: Opcode[] = ["add", "mul", "div", "max", "min", "greater", "scaleAdd", "squareScaleAdd", "scaledDivide"];
  const sources = [0, 1, 2].slice(0, counts[opcode] ?? (binary.includes(opcode) ? 2 : 1));
  const constants = [0.75, -0.5].map((value) => ({ kind: "constant", value }) as const);
  const reduction = (reduce: "sum" | "sumSquares"): Expression => ({
    kind: "reduction",
    reduce,
    scope: "tensor",
    of: { kind: "stream", stream: "a" },
  });
  return {
    streams: ["a", "b", "c"],
    written: ["a"],
    temporaries: 0,
    instructions: [
      { opcode, destination: 0, sources, scalars: [0, 1] },
      { opcode: "sum", destination: 0, sources: [0], scalars: [] },
      { opcode: "sumSquares", destination: 1, sources: [0], scalars: [] },
    ],
    scalars: constants,
    reductions: [reduction("sum"), reduction("sumSquares")],
  };
}

const scalars = { rows: 1, slots: 2, values: Float64Array.of(0.75, -0.5) };

/** Tensors by stream for each parameter. */
function tableOf(parameters: readonly Record<string, Float64Array>[]): StreamTable & { dispose(): void } {
  const tensors = parameters.map(
    (streams) =>
      new Map(Object.entries(streams).map(([key, values]) => [key, tf.tidy(() => ownCopy(tf.tensor1d(Float32Array.from(values))))])),
  );
  return {
    names: parameters.map((_, index) => `parameter ${index}`),
    get: (parameter, stream) => tensors[parameter]?.get(stream) ?? expect.fail(`there is no ${stream}`),
    rows: () => undefined,
    assign(parameter, stream, value) {
      tensors[parameter]?.get(stream)?.dispose();
      tensors[parameter]?.set(stream, tf.keep(value));
    },
    dispose: () => tf.dispose(tensors.flatMap((streams) => [...streams.values()])),
  };
}

/** What each instruction means, on numbers. */
const meaning: Record<Exclude<Opcode, "sum" | "sumSquares">, (a: number, b: number, c: number, s: number, t: number) => number> = {
  copy: (a) => a,
  fill: (_a, _b, _c, s) => s,
  scale: (a, _b, _c, s) => s * a,
  affine: (a, _b, _c, s, t) => s * a + t,
  add: (a, b) => a + b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  max: (a, b) => Math.max(a, b),
  min: (a, b) => Math.min(a, b),
  maxScalar: (a, _b, _c, s) => Math.max(a, s),
  minScalar: (a, _b, _c, s) => Math.min(a, s),
  greater: (a, b) => Number(a > b),
  above: (a, _b, _c, s) => Number(a > s),
  below: (a, _b, _c, s) => Number(a < s),
  select: (a, b, c) => (a === 0 ? c : b),
  abs: Math.abs,
  sign: Math.sign,
  square: (a) => a ** 2,
  sqrt: Math.sqrt,
  scaleAdd: (a, b, _c, s, t) => s * a + t * b,
  squareScaleAdd: (a, b, _c, s, t) => s * a ** 2 + t * b,
  scaledSqrtAdd: (a, _b, _c, s, t) => Math.sqrt(s * a) + t,
  scaledDivide: (a, b, _c, s) => (s * a) / b,
  scaledReciprocal: (a, _b, _c, s) => s / a,
};

describe.each(executorNames)("the %s executor computes each instruction", (executorName) => {
  test.each(opcodes.filter((opcode) => !isReduction(opcode)))("%s", (opcode) => {
    if (isReduction(opcode)) return;
    const lengths = [1, 255, 256, 257, 40_001];
    const streams = lengths.map((length, at) => ({
      // Exact zeros, equal pairs and both signs are among them; roots are taken of non-negative numbers.
      a: Float64Array.from({ length }, (_, i) => {
        const value = opcode.includes("qrt") ? ((i * 7 + at) % 5) / 4 : (((i * 7 + at) % 11) - 5) / 4;
        return opcode === "scaledReciprocal" ? value + 10 : value;
      }),
      b: Float64Array.from({ length }, (_, i) => (opcode.includes("iv") ? 1 + (i % 7) : ((i % 7) - 3) / 2)),
      c: Float64Array.from({ length }, (_, i) => Math.fround(Math.sin(i))),
    }));
    const table = tableOf(streams);
    const sums = executors[executorName]()(single(opcode), scalars, table);
    streams.forEach(({ a, b, c }, index) => {
      const expected = a.map((value, i) => meaning[opcode](value, b[i] ?? 0, c[i] ?? 0, 0.75, -0.5));
      const actual = table.get(index, "a").dataSync<"float32">();
      expect(differences(actual, expected, rootMeanSquare(expected), `length ${lengths[index]}`)).toEqual([]);
      const size = expected.reduce((sum, value) => sum + Math.abs(value), 0);
      const sum = expected.reduce((total, value) => total + value, 0);
      expect(Math.abs((sums[0]?.[index] ?? Number.NaN) - sum)).toBeLessThanOrEqual(1e-5 * size);
      const squares = expected.reduce((total, value) => total + value * value, 0);
      expect(Math.abs((sums[1]?.[index] ?? Number.NaN) - squares)).toBeLessThanOrEqual(1e-5 * squares);
    });
    table.dispose();
  });
});

describe("the kernels have a fused form of every program that", () => {
  test.each(optimizers.map(({ name }) => name))("%s runs with its defaults", (name) => {
    const parameters = createParameterStore();
    parameters.set("layer.0.weight", Float32Array.from({ length: 12 }, Math.sqrt), [3, 4]);
    parameters.set("layer.0.bias", Float32Array.of(1, 2, 3, 4), [4]);
    const resolved = resolveRun({ optimizer: name, hyperparameters: {}, problem: "network" });
    const optimizer = createOptimizer({ optimizer: resolved, parameters, executor: "fused" });
    const gradients = () => new Map(parameters.names.map((each) => [each, tf.onesLike(parameters.get(each))]));
    // Enough for the programs that run in some steps only.
    for (let step = 1; step <= 12; step++) {
      const [given, sampled] = [gradients(), gradients()];
      optimizer.update(given, { step, learningRate: 1e-3, gradientScale: 1 }, sampled);
      tf.dispose([...given.values(), ...sampled.values()]);
    }
    expect(optimizer.executor).toBe("fused");
    optimizer.dispose();
    parameters.dispose();
  });

  test("and of none that they do not know", () => {
    const table = tableOf([{ a: Float64Array.of(1), b: Float64Array.of(3), c: Float64Array.of(5) }]);
    expect(() => nativeExecutor("fused")(single("add"), scalars, table)).toThrow(
      "the optimizer program cannot run: there is no fused form of it",
    );
    table.dispose();
  });
});

describe("the native executor refuses", () => {
  const refused = (change: (stage: Stage, table: ReturnType<typeof tableOf>) => Stage) => {
    const table = tableOf([{ a: Float64Array.of(1, 2), b: Float64Array.of(3, 4), c: Float64Array.of(5, 6) }]);
    const stage = change(single("add"), table);
    let message = "";
    try {
      nativeExecutor()(stage, scalars, table);
    } catch (error) {
      message = String(error);
    }
    expect([...table.get(0, "a").dataSync()]).toEqual([1, 2]);
    table.dispose();
    return message;
  };
  test("streams of different lengths, and says which", () =>
    expect(
      refused((stage, table) => {
        table.assign(0, "b", tf.tensor1d([1, 2, 3]));
        return stage;
      }),
    ).toContain("stream 0 has shape [2] and stream 1 [3]"));
  test("integers", () =>
    expect(
      refused((stage, table) => {
        table.assign(0, "b", tf.tensor1d([1, 2], "int32"));
        return stage;
      }),
    ).toMatch(/float.*int32/));
  test("to write a stream that the stage only reads", () =>
    expect(refused((stage) => ({ ...stage, written: ["b"] }))).toContain("an instruction writes to place 0"));
});
