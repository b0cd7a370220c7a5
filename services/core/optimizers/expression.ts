import type { Operator } from "./operators.js";

/** Known to the host once a step, the same for all tensors. `learningRate` has the schedule applied; `step` counts from 1. */
export type StepScalar = "learningRate" | "step" | "gradientScale";

/** Known to the host for each tensor. `decayed` is 1 where weight decay applies and 0 where the mask excludes it. */
export type TensorScalar = "decayed";

/**
 * An element-wise formula. A `stream` is a tensor's worth of numbers (the parameter, its gradient, a state); the other leaves are scalars.
 * A subtree without a stream is a scalar too: the host evaluates it once a step, whatever it contains.
 */
export type Expression =
  | { readonly kind: "stream"; readonly stream: string }
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "step"; readonly scalar: StepScalar }
  | { readonly kind: "tensor"; readonly scalar: TensorScalar }
  | { readonly kind: "operation"; readonly operator: Operator; readonly operands: readonly Expression[] };

/** Where an expression is expected, a number stands for itself. */
export type Operand = Expression | number;

/** The stream of this name: `parameter`, `gradient` or a state's key. */
export function stream(name: string): Expression {
  return { kind: "stream", stream: name };
}

export const parameterStream = "parameter";
export const gradientStream = "gradient";
export const learningRate: Expression = { kind: "step", scalar: "learningRate" };
export const gradientScale: Expression = { kind: "step", scalar: "gradientScale" };
/** The number of this step, from 1. */
export const step: Expression = { kind: "step", scalar: "step" };
export const decayed: Expression = { kind: "tensor", scalar: "decayed" };

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
export const neg = (a: Operand) => operation("neg", a);
export const abs = (a: Operand) => operation("abs", a);
/** -1, 0 or 1. */
export const sign = (a: Operand) => operation("sign", a);
export const square = (a: Operand) => operation("square", a);
export const sqrt = (a: Operand) => operation("sqrt", a);
/** `then` where the condition is not 0, else `otherwise`. */
export const select = (condition: Operand, then: Operand, otherwise: Operand) => operation("select", condition, then, otherwise);

/** Exponential moving average: beta * average + (1 - beta) * value. */
export const lerp = (value: Operand, average: Operand, beta: Operand) => add(mul(beta, average), mul(sub(1, beta), value));

/** Adam's correction of an average that started at 0: average / (1 - beta^step). */
export const biasCorrect = (average: Operand, beta: Operand, step: Operand) => div(average, sub(1, pow(beta, step)));

/** Wraps a number. */
export function expression(operand: Operand): Expression {
  return typeof operand === "number" ? { kind: "constant", value: operand } : operand;
}

function operation(operator: Operator, ...operands: Operand[]): Expression {
  return { kind: "operation", operator, operands: operands.map(expression) };
}
