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
  "above", // 1 where a > s, else 0
  "below", // 1 where a < s, else 0
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
  "sum", // reduction number `destination` becomes the sum of a
  "sumSquares", // reduction number `destination` becomes the sum of a * a
] as const;

export type Opcode = (typeof opcodes)[number];

/** Whether an instruction writes a reduction instead of a vector. */
export function isReduction(opcode: Opcode): opcode is "sum" | "sumSquares" {
  return opcode === "sum" || opcode === "sumSquares";
}

/** A vector's place: below the number of the stage's streams it is that stream, from there on a temporary of one block. */
export type Place = number;

/** One vector instruction; `scalars` are slots. */
export interface Instruction {
  readonly opcode: Opcode;
  readonly destination: Place;
  readonly sources: readonly Place[];
  readonly scalars: readonly number[];
}

/**
 * One pass over all tensors, element by element. Which transform it came from, and which tensor it runs on, it does not know: parameter
 * groups are the same stage with other scalars.
 */
export interface Stage {
  /** The streams that it reads or writes, by their places: the parameter, the gradient, states, what segments hand on. */
  readonly streams: readonly string[];
  /** The streams among them that it writes; all others it only reads. */
  readonly written: readonly string[];
  readonly temporaries: number;
  readonly instructions: readonly Instruction[];
  /** Formulas of the scalar slots, which the host evaluates before the pass. */
  readonly scalars: readonly Expression[];
  /** What the sums are of, in the order of their numbers: formulas of kind "reduction". */
  readonly reductions: readonly Expression[];
}

/** An optimizer's step, or a part of one: a stage ends where its sums must be known before the next instruction. */
export interface Program {
  readonly stages: readonly Stage[];
}
