/**
 * The number that a regression is to predict; spaces around a text are not part of it.
 * @returns the number, or what is wrong with the value
 */
export function targetNumber(value: unknown): { number: number } | { reason: string; problem: string } {
  if (value === undefined || value === null || (typeof value === "string" && value.trim() === ""))
    return { reason: "MISSING_TARGET", problem: "is missing" };
  const number = typeof value === "number" || typeof value === "bigint" || typeof value === "string" ? Number(value) : Number.NaN;
  if (Number.isFinite(number) && Math.abs(number) <= largest) return { number: Object.is(number, -0) ? 0 : number };
  return { reason: "NOT_A_NUMBER", problem: `is not a number; allowed: numbers from -${largest} to ${largest}` };
}

/** Its square is a float32 number. */
const largest = 1e18;
