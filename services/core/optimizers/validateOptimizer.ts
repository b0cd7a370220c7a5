import type { Fault } from "../fault.js";
import type { HyperparameterValue } from "../jobs/trainingJob.js";
import { nearest } from "../nearest.js";
import { plain, quote } from "../quote.js";
import { findOptimizer, optimizers } from "./catalogue.js";
import type { HyperparameterEntry } from "./catalogueEntry.js";
import { asFloat32, inRange } from "./hyperparameter.js";

/**
 * Checks an optimizer's name and hyperparameters and fills in the catalogue's defaults.
 * @param fieldPath where the selection stands, for example `training_job.optimizer`
 * @returns all faults; `hyperparameters` is complete, a value with a fault replaced by its default, and empty for an unknown optimizer
 */
export function validateOptimizer(
  selection: { name: string; hyperparameters: Record<string, unknown> },
  fieldPath: string,
): { faults: Fault[]; hyperparameters: Record<string, HyperparameterValue> } {
  const entry = findOptimizer(selection.name);
  if (!entry) return { faults: [nameFault(selection.name, `${fieldPath}.name`)], hyperparameters: {} };

  const faults: Fault[] = [];
  const given = new Map(Object.entries(selection.hyperparameters));
  const hyperparameters: Record<string, HyperparameterValue> = {};
  for (const declared of entry.hyperparameters) {
    const value = given.get(declared.name);
    const fault = value === undefined ? undefined : valueFault(declared, value, `${fieldPath}.hyperparameters.${declared.name}`);
    if (fault) faults.push(fault);
    hyperparameters[declared.name] = value === undefined || fault ? declared.default : (value as HyperparameterValue);
    given.delete(declared.name);
  }
  const names = entry.hyperparameters.map(({ name }) => name);
  for (const name of [...given.keys()].slice(0, mostUnknown))
    faults.push({
      field: `${fieldPath}.hyperparameters.${plain(name)}`,
      reason: "UNKNOWN_HYPERPARAMETER",
      description: `${entry.name} has no hyperparameter ${quote(name)}${suggestion(name, names)}; it has ${names.join(", ")}`,
    });
  if (given.size > mostUnknown)
    faults.push({
      field: `${fieldPath}.hyperparameters`,
      reason: "MORE_FAULTS",
      description: `… and ${given.size - mostUnknown} more that ${entry.name} does not have`,
    });
  if (faults.length === 0)
    for (const { transform, fixed } of entry.chain) {
      const conflict = transform.conflict({ ...hyperparameters, ...fixed });
      if (conflict)
        faults.push({
          field: `${fieldPath}.hyperparameters.${conflict.hyperparameter}`,
          reason: "CONFLICT",
          description: conflict.description,
        });
    }
  return { faults, hyperparameters };
}

/** Unknown hyperparameters that are told one by one. */
const mostUnknown = 20;

function nameFault(name: string, field: string): Fault {
  const names = optimizers.map((entry) => entry.name);
  const allowed = `allowed: ${names.join(", ")}`;
  if (name === "") return { field, reason: "REQUIRED", description: `is empty; ${allowed}` };
  return { field, reason: "UNKNOWN_OPTIMIZER", description: `${quote(name)} is not an optimizer${suggestion(name, names)}; ${allowed}` };
}

function suggestion(name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  return near === undefined ? "" : ` (did you mean "${near}"?)`;
}

function valueFault({ declaration, range }: HyperparameterEntry, value: unknown, field: string): Fault | undefined {
  if (declaration.type === "boolean")
    return typeof value === "boolean"
      ? undefined
      : { field, reason: "WRONG_TYPE", description: `${quote(value)} is ${typeName(value)}; allowed: true or false` };
  const allowed = `allowed: a number${range === "any number" ? "" : ` ${range}`}`;
  if (typeof value !== "number") return { field, reason: "WRONG_TYPE", description: `${quote(value)} is ${typeName(value)}; ${allowed}` };
  if (!Number.isFinite(value)) return { field, reason: "NOT_FINITE", description: `${value} is not a finite number; ${allowed}` };
  if (!inRange(value, declaration)) return { field, reason: "OUT_OF_RANGE", description: `${value} is out of range; ${allowed}` };
  const stored = asFloat32(value);
  if (inRange(stored, declaration)) return undefined;
  return { field, reason: "OUT_OF_RANGE", description: `${value} is ${stored} in float32, which is out of range; ${allowed}` };
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "string" ? "text" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}
