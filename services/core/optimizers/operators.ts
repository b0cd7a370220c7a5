/** What each operator of the expression language computes, on numbers. Every executor means exactly this. */
export const operators = {
  add: (a: number, b: number) => a + b,
  sub: (a: number, b: number) => a - b,
  mul: (a: number, b: number) => a * b,
  div: (a: number, b: number) => a / b,
  max: (a: number, b: number) => Math.max(a, b),
  min: (a: number, b: number) => Math.min(a, b),
  /** 1 where a > b, else 0. */
  greater: (a: number, b: number) => (a > b ? 1 : 0),
  /** Of scalars only, as `mod` is: no executor has it as a vector instruction. */
  pow: (a: number, b: number) => a ** b,
  /** The remainder of a / b. */
  mod: (a: number, b: number) => a % b,
  neg: (a: number) => -a,
  abs: Math.abs,
  sign: Math.sign,
  square: (a: number) => a * a,
  sqrt: Math.sqrt,
  /** b where the condition is not 0, else c. */
  select: (condition: number, b: number, c: number) => (condition === 0 ? c : b),
} satisfies Record<string, (...operands: [number, number, number]) => number>;

export type Operator = keyof typeof operators;

/** Applies an operator to numbers. */
export function applyOperator(operator: Operator, operands: readonly number[]): number {
  const [a = Number.NaN, b = Number.NaN, c = Number.NaN] = operands;
  const evaluate: (...operands: [number, number, number]) => number = operators[operator];
  return evaluate(a, b, c);
}
