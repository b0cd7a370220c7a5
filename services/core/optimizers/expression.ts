import type { Operator } from "./operators.js";

/**
 * Known to the host once a step, the same for all tensors: the learning rate with the schedule applied, the one before the schedule, the
 * number of the step (from 1), the clipping factor that gradients are multiplied by, and the elements of all tensors.
 */
export type StepScalar = "learningRate" | "baseLearningRate" | "step" | "gradientScale" | "totalSize";

/**
 * Known to the host for each tensor. `decayed` is 1 where weight decay applies and 0 where the mask excludes it, `size` counts the elements,
 * `layersAbove` the layers between this one and the output (0 for the head), `learningRateScale` is the parameter group's factor.
 */
export type TensorScalar = "decayed" | "size" | "layersAbove" | "learningRateScale";

/** Whether a scalar is one number for the step, or one for each tensor. */
export type Scope = "step" | "tensor";

/**
 * A formula. A `stream` is a tensor's worth of numbers (the parameter, its gradient, a state); the other leaves are scalars. A `reduction`
 * turns a vector formula into a scalar: over its tensor, or over all tensors (scope "step"). A `remembered` scalar is kept from step to step.
 * A subtree without a stream outside a reduction is a scalar: the host evaluates it, whatever it contains.
 */
export type Expression =
  | { readonly kind: "stream"; readonly stream: string }
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "step"; readonly scalar: StepScalar }
  | { readonly kind: "tensor"; readonly scalar: TensorScalar }
  | { readonly kind: "remembered"; readonly key: string; readonly scope: Scope }
  | { readonly kind: "reduction"; readonly reduce: "sum" | "sumSquares"; readonly scope: Scope; readonly of: Expression }
  | { readonly kind: "operation"; readonly operator: Operator; readonly operands: readonly Expression[] };

/** Where an expression is expected, a number stands for itself. */
export type Operand = Expression | number;

/** The stream of this name: `parameter`, `gradient` or a state's key. */
export function stream(name: string): Expression {
  return { kind: "stream", stream: name };
}

export const parameterStream = "parameter";
export const gradientStream = "gradient";
/** The gradient for labels that the model itself drew (Sophia); given only in the steps that want one. */
export const sampledGradientStream = "sampled_gradient";

/** With the schedule and the parameter group's factor applied. */
export const learningRate: Expression = {
  kind: "operation",
  operator: "mul",
  operands: [
    { kind: "step", scalar: "learningRate" },
    { kind: "tensor", scalar: "learningRateScale" },
  ],
};
/** With the schedule applied, the same for all parameter groups. */
export const scheduledLearningRate: Expression = { kind: "step", scalar: "learningRate" };
/** Before the schedule. */
export const baseLearningRate: Expression = { kind: "step", scalar: "baseLearningRate" };
export const gradientScale: Expression = { kind: "step", scalar: "gradientScale" };
/** The number of this step, from 1. */
export const step: Expression = { kind: "step", scalar: "step" };
const totalSize: Expression = { kind: "step", scalar: "totalSize" };
export const decayed: Expression = { kind: "tensor", scalar: "decayed" };
const size: Expression = { kind: "tensor", scalar: "size" };
export const layersAbove: Expression = { kind: "tensor", scalar: "layersAbove" };

export const add = (a: Operand, b: Operand) => operation("add", a, b);
export const sub = (a: Operand, b: Operand) => operation("sub", a, b);
export const mul = (a: Operand, b: Operand) => operation("mul", a, b);
export const div = (a: Operand, b: Operand) => operation("div", a, b);
export const max = (a: Operand, b: Operand) => operation("max", a, b);
export const min = (a: Operand, b: Operand) => operation("min", a, b);
/** 1 where a > b, else 0. */
export const greater = (a: Operand, b: Operand) => operation("greater", a, b);
/** base ** exponent, of scalars. */
export const pow = (base: Operand, exponent: Operand) => operation("pow", base, exponent);
/** The remainder of a / b, of scalars. */
export const mod = (a: Operand, b: Operand) => operation("mod", a, b);
export const neg = (a: Operand) => operation("neg", a);
export const abs = (a: Operand) => operation("abs", a);
/** -1, 0 or 1. */
export const sign = (a: Operand) => operation("sign", a);
export const square = (a: Operand) => operation("square", a);
export const sqrt = (a: Operand) => operation("sqrt", a);
/**
 * `then` where the condition is not 0, else `otherwise`. With a scalar condition that is the same for all tensors only the chosen side is
 * computed: the step has a program of its own for each outcome.
 */
export const select = (condition: Operand, then: Operand, otherwise: Operand) => operation("select", condition, then, otherwise);

/** value within [low, high]. */
export const clamp = (value: Operand, low: Operand, high: Operand) => min(max(value, low), high);

/** Exponential moving average: beta * average + (1 - beta) * value. */
export const lerp = (value: Operand, average: Operand, beta: Operand) => add(mul(beta, average), mul(sub(1, beta), value));

/** Adam's correction of an average that started at 0: average / (1 - beta^step). */
export const biasCorrect = (average: Operand, beta: Operand, step: Operand) => div(average, sub(1, pow(beta, step)));

/** The sum of a tensor's elements. */
const sum = (of: Expression): Expression => ({ kind: "reduction", reduce: "sum", scope: "tensor", of });
/** The mean of a tensor's elements. */
export const mean = (of: Expression): Expression => div(sum(of), size);
/** A tensor's L2 norm. */
export const norm = (of: Expression): Expression => sqrt({ kind: "reduction", reduce: "sumSquares", scope: "tensor", of });
/** The sum of the elements of all tensors. */
export const globalSum = (of: Expression): Expression => ({ kind: "reduction", reduce: "sum", scope: "step", of });
/** The mean of the elements of all tensors. */
export const meanOverAll = (of: Expression): Expression => div(globalSum(of), totalSize);
/** The L2 norm of all tensors together. */
export const globalNorm = (of: Expression): Expression => sqrt({ kind: "reduction", reduce: "sumSquares", scope: "step", of });

/** 1 where a scalar is 0, else 0. */
export const isZero = (a: Operand) => select(a, 0, 1);

/** Wraps a number. */
export function expression(operand: Operand): Expression {
  return typeof operand === "number" ? { kind: "constant", value: operand } : operand;
}

function operation(operator: Operator, ...operands: Operand[]): Expression {
  return { kind: "operation", operator, operands: operands.map(expression) };
}
