/** The allowed numbers. */
export interface NumberRange {
  above?: number;
  atLeast?: number;
  below?: number;
  atMost?: number;
}

/** A number of an optimizer, declared by the transform that uses it. */
export interface NumberDeclaration {
  readonly type: "number" | "integer";
  readonly default: number;
  readonly range: NumberRange;
  /** For example "per step"; empty for a plain factor. */
  readonly unit: string;
  readonly description: string;
}

/** A switch of an optimizer, declared by the transform that uses it. */
export interface BooleanDeclaration {
  readonly type: "boolean";
  readonly default: boolean;
  readonly unit: "";
  readonly description: string;
}

/** A choice of an optimizer, declared by the element that uses it. */
export interface TextDeclaration {
  readonly type: "text";
  readonly default: string;
  readonly choices: readonly string[];
  readonly unit: "";
  readonly description: string;
}

export type Declaration = NumberDeclaration | BooleanDeclaration | TextDeclaration;
export type Declarations = Readonly<Record<string, Declaration>>;

/** The values of declared hyperparameters. */
export type Values<D extends Declarations> = {
  readonly [K in keyof D]: D[K] extends BooleanDeclaration ? boolean : D[K] extends TextDeclaration ? string : number;
};

/** Declares a number. */
export function number(value: number, range: NumberRange, description: string, unit = ""): NumberDeclaration {
  return { type: "number", default: value, range, unit, description };
}

/** Declares a whole number. */
export function integer(value: number, range: NumberRange, description: string, unit = ""): NumberDeclaration {
  return { type: "integer", default: value, range, unit, description };
}

/** Declares a switch. */
export function flag(value: boolean, description: string): BooleanDeclaration {
  return { type: "boolean", default: value, unit: "", description };
}

/** Declares a choice between words; the first is the default. */
export function choice(choices: readonly [string, ...string[]], description: string): TextDeclaration {
  return { type: "text", default: choices[0], choices, unit: "", description };
}

/** At least 0 and below 1: the rate of a moving average. */
export const unitInterval: NumberRange = { atLeast: 0, below: 1 };
export const positive: NumberRange = { above: 0 };
export const atLeastOne: NumberRange = { atLeast: 1 };
export const nonNegative: NumberRange = { atLeast: 0 };
/** Far above every learning rate in use (Adadelta's 1, SGD's 0.1); 2e5 where 2e-5 was meant is refused. */
export const learningRates: NumberRange = { above: 0, atMost: 1000 };
export const decays: NumberRange = { atLeast: 0, atMost: 1000 };
/** In use: 1e-30 to 1. Smaller ones, times a share of a mean, would be 0 in float32, and 0 / 0 where a gradient is 0. */
export const epsilons: NumberRange = { atLeast: 1e-30, atMost: 100 };

/** The allowed values in words, for example "at least 0, below 1". */
export function describeRange(declaration: Declaration): string {
  if (declaration.type === "boolean") return "true or false";
  if (declaration.type === "text") return declaration.choices.map((word) => `"${word}"`).join(", ");
  const { above, atLeast, below, atMost } = declaration.range;
  const bounds = [
    ...(above === undefined ? [] : [`above ${above}`]),
    ...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
    ...(below === undefined ? [] : [`below ${below}`]),
    ...(atMost === undefined ? [] : [`at most ${atMost}`]),
  ];
  const kind = declaration.type === "integer" ? ["a whole number"] : [];
  return [...kind, ...bounds].join(", ") || "any number";
}

/** What a number is for the optimizer, which counts in float32 and takes the numbers too small for it as 0. */
export function asFloat32(value: number): number {
  return Math.abs(value) < smallestFloat32 ? 0 : Math.fround(value);
}

/** The smallest that is not subnormal: kernels flush those. */
const smallestFloat32 = 2 ** -126;

/** Whether a finite number is allowed. */
export function inRange(value: number, { type, range }: NumberDeclaration): boolean {
  return (
    (type !== "integer" || Number.isInteger(value)) &&
    (range.above === undefined || value > range.above) &&
    (range.atLeast === undefined || value >= range.atLeast) &&
    (range.below === undefined || value < range.below) &&
    (range.atMost === undefined || value <= range.atMost)
  );
}
