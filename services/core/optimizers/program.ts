import type { StateStream } from "./chain.js";
import type { Expression } from "./expression.js";

/**
 * The vector instructions: a, b, c are vectors, s and t scalars. All are element-wise, so a destination may be one of the sources.
 * The order is the native executor's numbering (`services/engine/native/block_machine.h`).
 */
export const opcodes = [
  "copy", // a
  "fill", // s
  "scale", // s * a
  "affine", // s * a + t
  "add", // a + b
  "mul", // a * b
  "div", // a / b
  "max", // max(a, b)
  "min", // min(a, b)
  "maxScalar", // max(a, s)
  "minScalar", // min(a, s)
  "greater", // 1 where a > b, else 0
  "select", // b where a is not 0, else c
  "abs", // |a|
  "sign", // -1, 0 or 1
  "square", // a * a
  "sqrt", // root of a
  "scaleAdd", // s * a + t * b
  "squareScaleAdd", // s * a * a + t * b
  "scaledSqrtAdd", // sqrt(s * a) + t
  "scaledDivide", // s * a / b
  "scaledReciprocal", // s / a
  "sumSquares", // reduction number `destination` becomes the sum of a * a
] as const;

export type Opcode = (typeof opcodes)[number];

/** A vector's place: below the number of streams it is that stream, from there on a temporary of one block. */
export type Place = number;

/** One vector instruction; `scalars` are slots. */
export interface Instruction {
  readonly opcode: Opcode;
  readonly destination: Place;
  readonly sources: readonly Place[];
  readonly scalars: readonly number[];
}

/**
 * An optimizer's step over one tensor, element by element. Streams are numbered: 0 the parameter, 1 the gradient, then the states; the
 * program reads all and writes all but the gradient. Which transform a program came from, and which tensor it runs on, it does not know:
 * parameter groups are the same program with other scalars. A transform that needs a tensor's norm for its next instruction will end a
 * stage at its `sumSquares`; today's programs have one stage, whose reductions are metrics.
 */
export interface Program {
  readonly states: readonly StateStream[];
  readonly temporaries: number;
  readonly instructions: readonly Instruction[];
  /** Formulas of the scalar slots, evaluated on the host for every step and group. */
  readonly scalars: readonly Expression[];
  /** What the sums of squares are of, in the order of their numbers. */
  readonly reductions: readonly ["update", "parameter"];
}

export const parameterPlace: Place = 0;
export const gradientPlace: Place = 1;
export const firstStatePlace: Place = 2;

/** Streams of a program: parameter, gradient and states. */
export function streamCount(program: Pick<Program, "states">): number {
  return firstStatePlace + program.states.length;
}
