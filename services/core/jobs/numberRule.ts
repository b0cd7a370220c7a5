import type { Fault } from "../fault.js";

/** Which numbers a field takes. */
export interface NumberRule {
  integer?: boolean;
  above?: number;
  atLeast?: number;
  below?: number;
  atMost?: number;
}

/** Whole numbers between two bounds, which are allowed. */
export function counted(atLeast: number, atMost: number): NumberRule {
  return { integer: true, atLeast, atMost };
}

/** What is wrong with a number, if anything is. */
export function numberFault(field: string, value: number, rule: NumberRule): Fault | undefined {
  const allowed = [
    rule.integer ? "a whole number" : "a number",
    ...(rule.above === undefined ? [] : [`above ${rule.above}`]),
    ...(rule.atLeast === undefined ? [] : [`at least ${rule.atLeast}`]),
    ...(rule.below === undefined ? [] : [`below ${rule.below}`]),
    ...(rule.atMost === undefined ? [] : [`at most ${rule.atMost}`]),
  ].join(", ");
  const fits =
    Number.isFinite(value) &&
    (!rule.integer || Number.isInteger(value)) &&
    (rule.above === undefined || value > rule.above) &&
    (rule.atLeast === undefined || value >= rule.atLeast) &&
    (rule.below === undefined || value < rule.below) &&
    (rule.atMost === undefined || value <= rule.atMost);
  return fits ? undefined : { field, reason: "OUT_OF_RANGE", description: `${value} is out of range; allowed: ${allowed}` };
}

/** Checks a field of a training job; a value that is left out becomes the fallback. */
export type CheckNumber = (field: string, value: number | undefined, rule: NumberRule, fallback: number) => number;
