import { readFileSync } from "node:fs";

// The problems of problems.py: loss gradients in float64, written out by hand so that they do not lean on anything under test.

/** Values by parameter name; matrices row by row. */
export type Point = Record<string, Float64Array>;

/** A wrapper around an optimizer and its options; the first of a list is the innermost. */
export type GoldenWrapper =
  | { name: "lookahead"; steps: number; alpha: number }
  | { name: "ema"; decay: number }
  | { name: "swa"; start: number; frequency: number }
  | { name: "sam"; rho: number }
  | { name: "asam"; rho: number; eta: number }
  | { name: "schedule_free"; momentum: number; r: number; weight_lr_power: number };

/** 100 steps of one optimizer on one problem. */
export interface GoldenRun {
  optimizer: string;
  /** Those that are not the defaults. */
  hyperparameters: Record<string, number | boolean | string>;
  problem: ProblemName;
  wrappers?: GoldenWrapper[];
  /** What the learning rate is multiplied with, by parameter. */
  learningRateScales?: Record<string, number>;
  /** Under the goldens' schedule; left out at a constant learning rate. */
  scheduled?: true;
  /** What the samples come from. */
  oracle: string;
  /** How far a float64 computation may be off, relative to the parameter's root mean square. */
  tolerance: number;
  /** A public implementation that a numpy oracle agrees with. `asPublished`: without lifting its casts to a lower precision. */
  peer?: { name: string; version: string; maxRelativeDifference: number; asPublished?: number };
  /** The parameters after a step, by step from 1. */
  samples: Record<string, Record<string, number[]>>;
  /** The point to evaluate at, where it is not the parameters. */
  evaluation?: Record<string, Record<string, number[]>>;
}

interface Regression {
  data: { x: number[][]; y: number[] };
  start: Record<string, number[]>;
}

interface Goldens {
  versions: Record<string, string>;
  /** By optimizer: the hyperparameters beyond the learning rate and the weight decay. */
  defaults: Record<string, Record<string, number | boolean | string>>;
  problems: {
    quadratic: { data: { curvature: number[] }; start: Record<string, number[]> };
    logistic: Regression;
    network: Regression;
    wide: { data: { x: number[][]; y: number[][] }; start: Record<string, number[]> };
  };
  /** What transformers multiplies the learning rate with, by step from the first: 0, up to 1 and down again. */
  schedule: { factors: number[] };
  runs: GoldenRun[];
}

export type ProblemName = "quadratic" | "logistic" | "network" | "wide";
export const problemNames: readonly ProblemName[] = ["quadratic", "logistic", "network", "wide"];

export const goldens = JSON.parse(readFileSync(new URL("optimizers.json", import.meta.url), "utf8")) as Goldens;

/** What a run's learning rate is multiplied with at a step, from 1. */
export function factorOf({ scheduled }: Pick<GoldenRun, "scheduled">, step: number): number {
  return scheduled ? (goldens.schedule.factors[step - 1] ?? Number.NaN) : 1;
}

/** Shapes of the parameters that are not vectors, by problem. */
const shapes: Partial<Record<ProblemName, Record<string, number[]>>> = { network: { "hidden.weight": [4, 3] }, wide: { weight: [2, 5] } };

export function shapeOf(problem: ProblemName, name: string, values: ArrayLike<number>): number[] {
  return shapes[problem]?.[name] ?? [values.length];
}

/** Where a problem starts. */
export function start(problem: ProblemName): Point {
  return Object.fromEntries(Object.entries(goldens.problems[problem].start).map(([name, values]) => [name, Float64Array.from(values)]));
}

/** The loss's gradient at a point. */
export function gradient(problem: ProblemName, point: Point): Point {
  if (problem === "quadratic") return quadraticGradient(point, () => 1);
  if (problem === "logistic") return logisticGradient(point, goldens.problems.logistic.data.y);
  return problem === "network" ? networkGradient(point, goldens.problems.network.data.y) : wideGradient(point);
}

/**
 * What stands for the gradient with labels sampled from the model (Sophia-G): a fixed function of the point and the step, from 1. The
 * quadratic's coordinates are scaled, the logistic regression's labels flipped, the network's targets shifted.
 */
export function sampledGradient(problem: Exclude<ProblemName, "wide">, point: Point, step: number): Point {
  if (problem === "quadratic") return quadraticGradient(point, (i) => 0.5 + 0.5 * ((i + step) % 3));
  const { y } = goldens.problems[problem].data;
  return problem === "logistic"
    ? logisticGradient(
        point,
        y.map((label, example) => ((example + step) % 3 === 0 ? 1 - label : label)),
      )
    : networkGradient(
        point,
        y.map((target, example) => target + 0.5 * ((example + step) % 4) - 0.75),
      );
}

function quadraticGradient(point: Point, scale: (i: number) => number): Point {
  const { curvature } = goldens.problems.quadratic.data;
  return { x: values(point, "x").map((x, i) => x * (curvature[i] ?? 0) * scale(i)) };
}

function logisticGradient(point: Point, labels: readonly number[]): Point {
  const { x } = goldens.problems.logistic.data;
  const weight = values(point, "weight");
  const dWeight = new Float64Array(weight.length);
  let dBias = 0;
  x.forEach((row, example) => {
    const logit = dot(row, weight) + (values(point, "bias")[0] ?? 0);
    const d = (1 / (1 + Math.exp(-logit)) - (labels[example] ?? 0)) / x.length;
    row.forEach((value, i) => (dWeight[i] = (dWeight[i] ?? 0) + d * value));
    dBias += d;
  });
  return { weight: dWeight, bias: Float64Array.of(dBias) };
}

function networkGradient(point: Point, targets: readonly number[]): Point {
  const { x } = goldens.problems.network.data;
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
    const d = (2 * (output - (targets[example] ?? 0))) / x.length;
    dOutputBias += d;
    hidden.forEach((value, h) => {
      dOutputWeight[h] = (dOutputWeight[h] ?? 0) + d * value;
      const dInner = d * (outputWeight[h] ?? 0) * (1 - value * value);
      dHiddenBias[h] = (dHiddenBias[h] ?? 0) + dInner;
      row.forEach((input, i) => (dHiddenWeight[h * inputs + i] = (dHiddenWeight[h * inputs + i] ?? 0) + dInner * input));
    });
  });
  return {
    "hidden.weight": dHiddenWeight,
    "hidden.bias": dHiddenBias,
    "output.weight": dOutputWeight,
    "output.bias": Float64Array.of(dOutputBias),
  };
}

function wideGradient(point: Point): Point {
  const { x, y } = goldens.problems.wide.data;
  const weight = values(point, "weight");
  const bias = values(point, "bias");
  const inputs = weight.length / bias.length;
  const dWeight = new Float64Array(weight.length);
  const dBias = new Float64Array(bias.length);
  x.forEach((row, example) => {
    bias.forEach((offset, o) => {
      const output = dot(row, weight.subarray(o * inputs, (o + 1) * inputs)) + offset;
      const d = (2 * (output - (y[example]?.[o] ?? 0))) / x.length;
      dBias[o] = (dBias[o] ?? 0) + d;
      row.forEach((input, i) => (dWeight[o * inputs + i] = (dWeight[o * inputs + i] ?? 0) + d * input));
    });
  });
  return { weight: dWeight, bias: dBias };
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
