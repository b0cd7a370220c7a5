import type { HyperparameterEntry } from "#core/optimizers/catalogueEntry.js";
import { escape, numeral, code, table } from "./markdown.js";

/** Hyperparameters as a caller sees them. */
export function hyperparameterTable(hyperparameters: readonly Omit<HyperparameterEntry, "declaration">[]): string {
  return table(
    ["name", "type", "default", "allowed", "unit", "what it does"],
    hyperparameters.map(({ name, type, default: value, range, unit, description }) => [
      code(name),
      type,
      code(showValue(value)),
      range,
      unit,
      escape(description),
    ]),
  );
}

/** A value as the command takes it. */
export function showValue(value: number | boolean | string): string {
  return typeof value === "number" ? numeral(value) : `${value}`;
}
