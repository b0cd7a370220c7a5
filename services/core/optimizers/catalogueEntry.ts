import { activeElements, type ChainElement } from "./chain.js";
import type { HyperparameterValues } from "./defineTransform.js";
import { type Declaration, describeRange } from "./hyperparameter.js";

/** A hyperparameter as a caller sees it. */
export interface HyperparameterEntry {
  readonly name: string;
  readonly type: "number" | "integer" | "boolean";
  readonly default: number | boolean;
  /** The allowed values in words. */
  readonly range: string;
  readonly unit: string;
  readonly description: string;
  readonly declaration: Declaration;
}

/** One optimizer of the catalogue. */
export interface OptimizerEntry {
  readonly name: string;
  /** One line. */
  readonly description: string;
  /** The update rule, as plain text. */
  readonly formula: string;
  /** The paper or standard it comes from, and where the defaults come from. */
  readonly source: string;
  readonly hyperparameters: readonly HyperparameterEntry[];
  readonly chain: readonly ChainElement[];
  /** Names of the transforms, in order. */
  readonly chainNames: readonly string[];
  /** Multiples of the parameters, with the default hyperparameters. */
  readonly stateSize: number;
}

interface PresetDefinition {
  name: string;
  description: string;
  formula: string;
  source: string;
  /** Hyperparameters are those of the transforms, less the fixed ones; equal names are one hyperparameter. */
  chain: readonly ChainElement[];
  /** Defaults for fine-tuning, where they are not the transforms' own. */
  defaults: HyperparameterValues;
}

/** Declares an optimizer of the catalogue: a chain with defaults. The learning rate is listed first. */
export function definePreset({ defaults, ...preset }: PresetDefinition): OptimizerEntry {
  const declared = new Map<string, Declaration>();
  for (const { transform, fixed } of preset.chain)
    for (const [name, declaration] of Object.entries(transform.hyperparameters)) if (!(name in fixed)) declared.set(name, declaration);
  for (const name of Object.keys(defaults))
    if (!declared.has(name)) throw new Error(`${preset.name} has no hyperparameter "${name}" to give a default to`);
  const hyperparameters = [...declared]
    .map(([name, declaration]) => entry(name, declaration, defaults))
    .toSorted((a, b) => Number(b.name === "learning_rate") - Number(a.name === "learning_rate"));
  const values = Object.fromEntries(hyperparameters.map((hyperparameter) => [hyperparameter.name, hyperparameter.default]));
  const stateSize = activeElements(preset.chain, values)
    .map(({ transform, fixed }) => Object.keys(transform.state({ ...values, ...fixed })).length)
    .reduce((sum, states) => sum + states, 0);
  return { ...preset, hyperparameters, chainNames: preset.chain.map(({ transform }) => transform.name), stateSize };
}

function entry(name: string, declaration: Declaration, defaults: HyperparameterValues): HyperparameterEntry {
  const value = defaults[name] ?? declaration.default;
  if (typeof value === "string") throw new TypeError(`the default of ${name} is the text "${value}"`);
  const { type, unit, description } = declaration;
  return { name, type, default: value, range: describeRange(declaration), unit, description, declaration };
}
