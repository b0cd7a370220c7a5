import { inspect } from "node:util";

const mostCharacters = 80;

/** More than a path can have. */
const mostPathCharacters = 4096;

/** A path as an error message quotes it: whole, since it is its end that tells it from others. */
export function quotePath(path: string): string {
  return JSON.stringify(path.slice(0, mostPathCharacters));
}

/** The value as an error message quotes it, cut to 80 characters. */
export function quote(value: unknown): string {
  const text =
    typeof value === "string"
      ? JSON.stringify(value.slice(0, mostCharacters))
      : inspect(value, { depth: 1, breakLength: Infinity, customInspect: false, maxArrayLength: 10, maxStringLength: mostCharacters });
  const whole = text.length <= mostCharacters && (typeof value !== "string" || value.length <= mostCharacters);
  return whole ? text : `${text.slice(0, mostCharacters - 1).toWellFormed()}…`;
}
