import type { FieldViolation } from "@stepwire/proto";
import { quote } from "../mapping/quote.js";

/** A value, and what is wrong with it: the value can be used only when there is no violation. */
export interface Read<T> {
  value: T;
  violations: FieldViolation[];
}

/** For options that may be repeated. */
export function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const whole = /^[+-]?\d+$/;

/**
 * A number as people write it: digits, a point, an exponent; nothing else, and nothing empty. A whole number that would be rounded is
 * refused: what is sent, and quoted later, is what was written.
 */
export function strictNumber(flag: string, text: string): Read<number> {
  const trimmed = text.trim();
  const value = Number(trimmed);
  if (!decimal.test(trimmed)) return refused(flag, "WRONG_TYPE", `${quote(text)} is not a number; allowed: for example 3, 0.01 or 5e-5`);
  if (!Number.isFinite(value)) return refused(flag, "OUT_OF_RANGE", `${quote(text)} is too large; allowed: at most 1.7e308`);
  if (whole.test(trimmed) && !Number.isSafeInteger(value)) return inexact(flag, text, undefined);
  return { value, violations: [] };
}

/** A whole number in decimal digits, at least `atLeast` when given. */
export function wholeNumber(flag: string, text: string, atLeast?: number): Read<number> {
  const trimmed = text.trim();
  const value = Number(trimmed);
  const allowed = `a whole number${atLeast === undefined ? "" : ` of at least ${atLeast}`}`;
  if (!whole.test(trimmed)) return refused(flag, "WRONG_TYPE", `${quote(text)} is not ${allowed}`);
  if (!Number.isSafeInteger(value)) return inexact(flag, text, atLeast);
  if (atLeast !== undefined && value < atLeast) return refused(flag, "OUT_OF_RANGE", `${quote(text)} is not ${allowed}`);
  return { value, violations: [] };
}

/** `key=value` texts as an object. */
export function keyValues(flag: string, texts: readonly string[]): Read<Record<string, string>> {
  // Without a prototype, `__proto__` is a key like others.
  const value = Object.create(null) as Record<string, string>;
  const violations: FieldViolation[] = [];
  for (const text of texts) {
    const at = text.indexOf("=");
    const key = text.slice(0, at);
    if (at < 1) violations.push({ field: flag, reason: "WRONG_TYPE", description: `${quote(text)} is not of the form key=value` });
    else if (key in value) {
      const description = `${quote(key)} is given twice: ${quote(value[key])} and ${quote(text.slice(at + 1))}`;
      violations.push({ field: flag, reason: "CONFLICT", description });
    } else value[key] = text.slice(at + 1);
  }
  return { value, violations };
}

/**
 * A hyperparameter or an option: true, false, a number, else a text, which is for the service to judge. A number that cannot be held exactly
 * is refused, not sent as a text.
 */
export function setting(flag: string, text: string): Read<boolean | number | string> {
  if (text === "true" || text === "false") return { value: text === "true", violations: [] };
  const read = strictNumber(flag, text);
  if (read.violations.length === 0) return read;
  return { value: text, violations: read.violations.filter(({ reason }) => reason === "OUT_OF_RANGE") };
}

/** `key=value` texts as settings; a fault of a value names its key after the flag and the separator. */
export function settings(flag: string, texts: readonly string[], separator = " "): Read<Record<string, boolean | number | string>> {
  const { value: given, violations } = keyValues(flag, texts);
  // Without a prototype, `__proto__` is a key like others.
  const value = Object.create(null) as Record<string, boolean | number | string>;
  for (const [key, text] of Object.entries(given)) {
    const read = setting(`${flag}${separator}${key}`, text);
    violations.push(...read.violations);
    value[key] = read.value;
  }
  return { value, violations };
}

function inexact(flag: string, text: string, atLeast: number | undefined): Read<number> {
  const least = atLeast ?? Number.MIN_SAFE_INTEGER;
  return refused(flag, "OUT_OF_RANGE", `${quote(text)} is out of range; allowed: ${least} to ${Number.MAX_SAFE_INTEGER}`);
}

function refused(flag: string, reason: string, description: string): Read<number> {
  return { value: NaN, violations: [{ field: flag, reason, description }] };
}
