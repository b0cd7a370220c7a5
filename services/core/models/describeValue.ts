import { quote } from "../quote.js";

/** A value of a model's JSON files as an error describes it: short, whatever it is. */
export function describeValue(value: unknown): string {
  if (value === undefined) return "not set";
  if (Array.isArray(value)) return value.length <= 8 ? `[${value.map(describeItem).join(", ")}]` : `a list of ${value.length}`;
  return typeof value === "object" && value !== null ? "an object" : quote(value);
}

function describeItem(item: unknown): string {
  return Array.isArray(item) ? "a list" : describeValue(item);
}
