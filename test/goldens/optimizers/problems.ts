import { readFileSync } from "node:fs";

// The problems of make_goldens.py: loss gradients in float64, written out by hand so that they do not lean on anything under test.

/** Values by parameter name; matrices row by row. */
export type Point = Record<string, Float64Array>;

interface Goldens {
  versions: Record<string, string>;
  problems: {
    quadratic: { data: { curvature: number[] }; start: Record<string, number[]> };
    logistic: { data: { x: number[][]; y: number[] }; start: Record<string, number[]> };
    network: { data: { x: number[][]; y: number[] }; start: Record<string, number[]> };
  };
  runs: {
    optimizer: string;
    hyperparameters: Record<string, number | boolean>;
    problem: ProblemName;
    samples: Record<string, Record<string, number[]>>;
  }[];
}

export type ProblemName = "quadratic" | "logistic" | "network";
export const problemNames: readonly ProblemName[] = ["quadratic", "logistic", "network"];

export const goldens = JSON.parse(readFileSync(new URL("optimizers.json", import.meta.url), "utf8")) as Goldens;

/** Shapes of the parameters that are not vectors. */
const shapes: Record<string, number[]> = { "hidden.weight": [4, 3] };

export function shapeOf(name: string, values: ArrayLike<number>): number[] {
  return shapes[name] ?? [values.length];
}

/** Where a problem starts. */
export function start(problem: ProblemName): Point {
  return Object.fromEntries(Object.entries(goldens.problems[problem].start).map(([name, values]) => [name, Float64Array.from(values)]));
}

/** The loss's gradient at a point. */
export function gradient(problem: ProblemName, point: Point): Point {
  if (problem === "quadratic") {
    const { curvature } = goldens.problems.quadratic.data;
    return { x: values(point, "x").map((x, i) => x * (curvature[i] ?? 0)) };
  }
  return problem === "logistic" ? logisticGradient(point) : networkGradient(point);
}

function logisticGradient(point: Point): Point {
  const { x, y } = goldens.problems.logistic.data;
  const weight = values(point, "weight");
  const dWeight = new Float64Array(weight.length);
  let dBias = 0;
  x.forEach((row, example) => {
    const logit = dot(row, weight) + (values(point, "bias")[0] ?? 0);
    const d = (1 / (1 + Math.exp(-logit)) - (y[example] ?? 0)) / x.length;
    row.forEach((value, i) => (dWeight[i] = (dWeight[i] ?? 0) + d * value));
    dBias += d;
  });
  return { weight: dWeight, bias: Float64Array.of(dBias) };
}

function networkGradient(point: Point): Point {
  const { x, y } = goldens.problems.network.data;
  const hiddenWeight = values(point, "hidden.weight");
  const hiddenBias = values(point, "hidden.bias");
  const outputWeight = values(point, "output.weight");
  const inputs = hiddenWeight.length / hiddenBias.length;
  const dHiddenWeight = new Float64Array(hiddenWeight.length);
  const dHiddenBias = new Float64Array(hiddenBias.length);
  const dOutputWeight = new Float64Array(outputWeight.length);
  let dOutputBias = 0;
  x.forEach((row, example) => {
    const hidden = Array.from(hiddenBias, (bias, h) => Math.tanh(dot(row, hiddenWeight.subarray(h * inputs, (h + 1) * inputs)) + bias));
    const output = dot(hidden, outputWeight) + (values(point, "output.bias")[0] ?? 0);
    const d = (2 * (output - (y[example] ?? 0))) / x.length;
    dOutputBias += d;
    hidden.forEach((value, h) => {
      dOutputWeight[h] = (dOutputWeight[h] ?? 0) + d * value;
      const dInner = d * (outputWeight[h] ?? 0) * (1 - value * value);
      dHiddenBias[h] = (dHiddenBias[h] ?? 0) + dInner;
      row.forEach((input, i) => (dHiddenWeight[h * inputs + i] = (dHiddenWeight[h * inputs + i] ?? 0) + dInner * input));
    });
  });
  return { "hidden.weight": dHiddenWeight, "hidden.bias": dHiddenBias, "output.weight": dOutputWeight, "output.bias": Float64Array.of(dOutputBias) };
}

function values(point: Point, name: string): Float64Array {
  const found = point[name];
  if (!found) throw new Error(`the point has no "${name}"`);
  return found;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
