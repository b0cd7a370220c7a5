/**
 * The number that a regression is to predict, a text in decimal notation; spaces around a text are not part of it.
 * @returns the number, or what is wrong with the value
 */
export function targetNumber(value: unknown): { number: number } | { reason: string; problem: string } {
  if (value === undefined || value === null || (typeof value === "string" && value.trim() === ""))
    return { reason: "MISSING_TARGET", problem: "is missing" };
  const isNumber = typeof value === "number" || typeof value === "bigint" || (typeof value === "string" && decimal.test(value.trim()));
  const number = isNumber ? Number(value) : Number.NaN;
  if (Number.isFinite(number) && Math.abs(number) <= largest) return { number: Object.is(number, -0) ? 0 : number };
  return { reason: "NOT_A_NUMBER", problem: `is not a number; allowed: decimal numbers from -${largest} to ${largest}` };
}

/** 0x10 and the like are numbers to JavaScript, and labels or ids to whoever wrote them. */
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Its square is a float32 number. */
const largest = 1e18;
