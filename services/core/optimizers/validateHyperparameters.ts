import type { Fault } from "../fault.js";
import type { HyperparameterValue } from "../jobs/trainingJob.js";
import { nearest } from "../nearest.js";
import { plain, quote } from "../quote.js";
import { asFloat32, type Declaration, describeRange, inRange } from "./hyperparameter.js";

/** A declared hyperparameter with the default that holds where it is checked. */
interface Declared {
  readonly name: string;
  readonly default: HyperparameterValue;
  readonly declaration: Declaration;
}

/**
 * Checks values against their declarations and fills in defaults.
 * @param owner what has the hyperparameters, for messages
 * @param kind what they are called
 * @param fieldPath where the values stand, for example `training_job.optimizer.hyperparameters`
 * @returns all faults; a value with a fault is replaced by its default
 */
export function validateHyperparameters(
  owner: string,
  declared: readonly Declared[],
  values: Readonly<Record<string, unknown>>,
  fieldPath: string,
  kind: "hyperparameter" | "option" = "hyperparameter",
): { faults: Fault[]; hyperparameters: Record<string, HyperparameterValue> } {
  const faults: Fault[] = [];
  const given = new Map(Object.entries(values));
  const hyperparameters: Record<string, HyperparameterValue> = {};
  for (const each of declared) {
    const value = given.get(each.name);
    const fault = value === undefined ? undefined : valueFault(each.declaration, value, `${fieldPath}.${each.name}`);
    if (fault) faults.push(fault);
    hyperparameters[each.name] = value === undefined || fault ? each.default : (value as HyperparameterValue);
    given.delete(each.name);
  }
  const names = declared.map(({ name }) => name);
  const has = names.length === 0 ? "it has none" : `it has ${names.join(", ")}`;
  for (const name of [...given.keys()].slice(0, mostUnknown))
    faults.push({
      field: `${fieldPath}.${plain(name)}`,
      reason: `UNKNOWN_${kind.toUpperCase()}`,
      description: `${owner} has no ${kind} ${quote(name)}${suggestion(name, names)}; ${has}`,
    });
  if (given.size > mostUnknown)
    faults.push({
      field: fieldPath,
      reason: "MORE_FAULTS",
      description: `… and ${given.size - mostUnknown} more that ${owner} does not have`,
    });
  return { faults, hyperparameters };
}

/** Unknown hyperparameters that are told one by one. */
const mostUnknown = 20;

/** What an unknown name may have meant, to go after it. */
export function suggestion(name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  return near === undefined ? "" : ` (did you mean "${near}"?)`;
}

function valueFault(declaration: Declaration, value: unknown, field: string): Fault | undefined {
  const range = describeRange(declaration);
  if (declaration.type === "boolean")
    return typeof value === "boolean"
      ? undefined
      : { field, reason: "WRONG_TYPE", description: `${quote(value)} is ${typeName(value)}; allowed: true or false` };
  if (declaration.type === "text")
    return typeof value === "string" && declaration.choices.includes(value)
      ? undefined
      : { field, reason: "UNKNOWN_VALUE", description: `${quote(value)} is not one of its values; allowed: ${range}` };
  const words = range === "any number" || declaration.type === "integer" ? range : `a number ${range}`;
  const allowed = `allowed: ${words === "any number" ? "a number" : words}`;
  if (typeof value !== "number") return { field, reason: "WRONG_TYPE", description: `${quote(value)} is ${typeName(value)}; ${allowed}` };
  if (!Number.isFinite(value)) return { field, reason: "NOT_FINITE", description: `${value} is not a finite number; ${allowed}` };
  if (!inRange(value, declaration)) return { field, reason: "OUT_OF_RANGE", description: `${value} is out of range; ${allowed}` };
  const stored = asFloat32(value);
  if (Number.isFinite(stored) && inRange(stored, declaration)) return undefined;
  return { field, reason: "OUT_OF_RANGE", description: `${value} is ${stored} in float32, which is out of range; ${allowed}` };
}

function typeName(value: unknown): string {
  if (value === null) return "no value";
  if (Array.isArray(value)) return "a list";
  return typeof value === "string" ? "text" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}
