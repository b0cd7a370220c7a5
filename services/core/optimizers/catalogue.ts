import type { OptimizerEntry } from "./catalogueEntry.js";
import * as presets from "./presets/index.js";

/** Every optimizer, by name in alphabetical order. */
export const optimizers: readonly OptimizerEntry[] = Object.values(presets).toSorted((a, b) => (a.name < b.name ? -1 : 1));

/** The optimizer of this name, if the catalogue has it. */
export function findOptimizer(name: string): OptimizerEntry | undefined {
  return optimizers.find((entry) => entry.name === name);
}
