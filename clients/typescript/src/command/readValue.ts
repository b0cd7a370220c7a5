import type { FieldViolation } from "@stepwire/proto";

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

/** A number as people write it: digits, a point, an exponent; nothing else, and nothing empty. */
export function strictNumber(flag: string, text: string): Read<number> {
  const trimmed = text.trim();
  if (decimal.test(trimmed) && Number.isFinite(Number(trimmed))) return { value: Number(trimmed), violations: [] };
  return {
    value: NaN,
    violations: [{ field: flag, reason: "WRONG_TYPE", description: `"${text}" is not a number; allowed: for example 3, 0.01 or 5e-5` }],
  };
}

/** A whole number in decimal digits, at least `atLeast` when given. */
export function wholeNumber(flag: string, text: string, atLeast?: number): Read<number> {
  const trimmed = text.trim();
  const value = /^[+-]?\d+$/.test(trimmed) ? Number(trimmed) : NaN;
  const allowed = `a whole number${atLeast === undefined ? "" : ` of at least ${atLeast}`}`;
  if (Number.isSafeInteger(value) && (atLeast === undefined || value >= atLeast)) return { value, violations: [] };
  return { value, violations: [{ field: flag, reason: "WRONG_TYPE", description: `"${text}" is not ${allowed}` }] };
}

/** `key=value` texts as an object. */
export function keyValues(flag: string, texts: readonly string[]): Read<Record<string, string>> {
  const value: Record<string, string> = {};
  const violations: FieldViolation[] = [];
  for (const text of texts) {
    const at = text.indexOf("=");
    const key = text.slice(0, at);
    if (at < 1) violations.push({ field: flag, reason: "WRONG_TYPE", description: `"${text}" is not of the form key=value` });
    else if (Object.hasOwn(value, key))
      violations.push({ field: flag, reason: "CONFLICT", description: `"${key}" is given twice: ${value[key]} and ${text.slice(at + 1)}` });
    else value[key] = text.slice(at + 1);
  }
  return { value, violations };
}
