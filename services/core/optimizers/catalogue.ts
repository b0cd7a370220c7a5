import { ablate, type OptimizerEntry } from "./catalogueEntry.js";
import * as presets from "./presets/index.js";

/** Every optimizer, by name in alphabetical order; their ablations are found by name and listed with each. */
export const optimizers: readonly OptimizerEntry[] = Object.values(presets).toSorted((a, b) => (a.name < b.name ? -1 : 1));

const ablations = optimizers.flatMap((entry) => Object.entries(entry.ablations).map(([name, values]) => ablate(entry, name, values)));

/** The optimizer of this name, or the ablation of one, if the catalogue has it. */
export function findOptimizer(name: string): OptimizerEntry | undefined {
  return [...optimizers, ...ablations].find((entry) => entry.name === name);
}
