import type { FieldViolation } from "@stepwire/proto";
import { nearest } from "../mapping/nearest.js";
import { quote } from "../mapping/quote.js";
import type { TrainingJobInput } from "../messages.js";
import { type Read, settings } from "./readValue.js";

type Optimizer = NonNullable<TrainingJobInput["optimizer"]>;
type Element = NonNullable<Optimizer["chain"]>[number];
type Group = NonNullable<Optimizer["groups"]>[number];

/** `name:key=value,key=value` in its two parts; without a colon the settings are `undefined`. */
interface Split {
  name: string;
  settings: string | undefined;
}

/** An element's name has no colon: the first one ends it. */
export function splitElement(text: string): Split {
  return splitAt(text, text.indexOf(":"));
}

/** The settings of a group have no colon: the last one ends the pattern. */
export function splitGroup(text: string): Split {
  return splitAt(text, text.lastIndexOf(":"));
}

/** `name` or `name:key=value,key=value`, with the values as `setting` reads them. */
export function readElement(flag: string, text: string): Read<Element> {
  const { name, settings: given } = splitElement(text);
  const pairs = given?.split(",") ?? [];
  if (name.trim() === "" || !pairs.every(isPair)) {
    const form = "name or name:key=value,key=value, for example lookahead:lookahead_steps=5";
    return { value: { name }, violations: [malformed(flag, text, form)] };
  }
  const { value, violations } = settings(`${flag} ${name}`, pairs, ":");
  return { value: { name, ...(pairs.length > 0 && { hyperparameters: value }) }, violations };
}

/** `pattern:key=value,key=value`. */
export function readGroup(text: string): Read<Group> {
  const flag = "--group";
  const { name: pattern, settings: given } = splitGroup(text);
  const pairs = given?.split(",") ?? [];
  if (pattern === "" || pairs.length === 0 || !pairs.every(isPair)) {
    const form = "pattern:key=value,key=value, for example bert.embeddings.*:learning_rate_scale=0.1,decayed=false";
    return { value: { pattern }, violations: [malformed(flag, text, form)] };
  }
  const { value, violations } = settings(`${flag} ${pattern}`, pairs, ":");
  const group: Group = { pattern };
  for (const [key, setting] of Object.entries(value)) {
    const field = `${flag} ${pattern}:${key}`;
    if (key === "learning_rate_scale") {
      if (typeof setting === "number") group.learningRateScale = setting;
      else violations.push({ field, reason: "WRONG_TYPE", description: `${quote(setting)} is not a number; allowed: 0 to 1000` });
    } else if (key === "decayed") {
      if (typeof setting === "boolean") group.decayed = setting;
      else violations.push({ field, reason: "WRONG_TYPE", description: `${quote(setting)} is not allowed; allowed: true or false` });
    } else violations.push({ field: `${flag} ${pattern}`, reason: "UNKNOWN_FIELD", description: unknownKey(key) });
  }
  return { value: group, violations };
}

const groupKeys = ["learning_rate_scale", "decayed"];

function unknownKey(key: string): string {
  const meant = nearest(key, groupKeys);
  const hint = meant === undefined ? "" : ` (did you mean "${meant}"?)`;
  return `a group has no ${quote(key)}${hint}; allowed: ${groupKeys.join(", ")}`;
}

function splitAt(text: string, at: number): Split {
  return at < 0 ? { name: text, settings: undefined } : { name: text.slice(0, at), settings: text.slice(at + 1) };
}

function isPair(text: string): boolean {
  return text.indexOf("=") > 0;
}

function malformed(flag: string, text: string, form: string): FieldViolation {
  return { field: flag, reason: "WRONG_TYPE", description: `${quote(text)} is not of the form ${form}` };
}
