import { countCharacters } from "../quote.js";
import { datasetLimits } from "./datasetLimits.js";

/**
 * The class that a label names. 0, "0", 0.0, "0.0" and 0n all name class "0"; spaces around a text are not part of it.
 * @returns the name, or what is wrong with the label
 */
export function labelName(value: unknown): { name: string } | { reason: string; problem: string } {
  if (value === undefined || value === null || (typeof value === "number" && Number.isNaN(value))) return missing;
  if (typeof value === "boolean" || typeof value === "bigint") return { name: String(value) };
  if (typeof value === "number") return numericName(value);
  if (typeof value !== "string") return { reason: "NOT_A_LABEL", problem: "is neither a text nor a whole number" };
  const text = value.trim();
  if (text === "") return missing;
  if (loneSurrogate.test(text)) return { reason: "NOT_UNICODE", problem: "has half of a surrogate pair" };
  const most = datasetLimits.labelCharacters;
  const characters = text.length > most ? countCharacters(text) : 0;
  if (characters > most)
    return { reason: "LABEL_TOO_LONG", problem: `has ${characters} characters, of at most ${most}; is it the column of the labels?` };
  return decimal.test(text) ? numericName(Number(text)) : { name: text === "-0" ? "0" : text };
}

/** Class names in the order of their ids: by number when all are whole numbers, by code point otherwise. */
export function sortedClasses(names: Iterable<string>): string[] {
  const classes = [...names];
  const byCodePoint = (a: string, b: string) => Buffer.compare(Buffer.from(a, "utf8"), Buffer.from(b, "utf8"));
  if (!classes.every((name) => integer.test(name))) return classes.toSorted(byCodePoint);
  return classes.toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : byCodePoint(a, b)));
}

/** Half of a surrogate pair: it has no UTF-8 form, so it would not survive storage. */
export const loneSurrogate = /\p{Surrogate}/u;

function numericName(value: number): { name: string } | { reason: string; problem: string } {
  if (Number.isSafeInteger(value)) return { name: String(value) };
  if (Number.isInteger(value)) return { reason: "NOT_EXACT", problem: "is too large a number to be exact; write it as text" };
  return {
    reason: "NOT_A_CLASS",
    problem: "is not a whole number, so the column is probably a regression target; classes are texts or whole numbers",
  };
}

const missing = { reason: "MISSING_LABEL", problem: "is missing" };
const decimal = /^[+-]?(?:\d+\.\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const integer = /^-?\d+$/;
