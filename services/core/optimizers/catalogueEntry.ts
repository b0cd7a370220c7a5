import { activeElements, type ChainElement, elementHyper } from "./chain.js";
import type { HyperparameterValues } from "./defineTransform.js";
import { matrixShape } from "./defineMatrixTransform.js";
import { type Declaration, type Declarations, describeRange } from "./hyperparameter.js";

/** A hyperparameter as a caller sees it. */
export interface HyperparameterEntry {
  readonly name: string;
  readonly type: Declaration["type"];
  readonly default: number | boolean | string;
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
  /** What updates a parameter: of a split optimizer the hidden matrices only. */
  readonly chain: readonly ChainElement[];
  /** Of a split optimizer: what updates all that is not a hidden matrix. */
  readonly others?: readonly ChainElement[];
  /** Names of the elements, in order. */
  readonly chainNames: readonly string[];
  /** Multiples of the parameters, with the default hyperparameters; of a split optimizer that of its matrices. */
  readonly stateSize: number;
  /** By name of what is left out: the optimizer without it is called `<name>-without-<ablation>`. */
  readonly ablations: Readonly<Record<string, HyperparameterValues>>;
  /** What it does not go together with, one sentence each. */
  readonly conflicts: readonly string[];
}

interface PresetDefinition {
  name: string;
  description: string;
  formula: string;
  source: string;
  /** Hyperparameters are those of the elements, less the fixed ones; equal names are one hyperparameter. */
  chain: readonly ChainElement[];
  others?: readonly ChainElement[];
  /** Hyperparameters that no element declares, because elements' fixed values follow from them. */
  hyperparameters?: Declarations;
  /** Defaults for fine-tuning, where they are not the elements' own. */
  defaults: HyperparameterValues;
  ablations?: Readonly<Record<string, HyperparameterValues>>;
  conflicts?: readonly string[];
}

/** Declares an optimizer of the catalogue: a chain with defaults. The learning rate is listed first. */
export function definePreset({ defaults, hyperparameters: own = {}, ...preset }: PresetDefinition): OptimizerEntry {
  const elements = [...preset.chain, ...(preset.others ?? [])];
  const declared = new Map<string, Declaration>(Object.entries(own));
  const defaultsOf = () => Object.fromEntries([...declared].map(([name, declaration]) => [name, defaults[name] ?? declaration.default]));
  for (const each of elements) {
    const fixed = typeof each.fixed === "function" ? each.fixed(defaultsOf()) : each.fixed;
    for (const [name, declaration] of Object.entries(each.element.hyperparameters)) {
      const shown = each.names[name] ?? name;
      if (!(name in fixed) && !declared.has(shown)) declared.set(shown, declaration);
    }
  }
  for (const name of Object.keys(defaults))
    if (!declared.has(name)) throw new Error(`${preset.name} has no hyperparameter "${name}" to give a default to`);
  const hyperparameters = [...declared]
    .map(([name, declaration]) => entry(name, declaration, defaults))
    .toSorted((a, b) => Number(b.name === "learning_rate") - Number(a.name === "learning_rate"));
  return {
    ...preset,
    hyperparameters,
    chainNames: preset.chain.map(({ element }) => element.name),
    stateSize: stateSize(preset.chain, defaultsOf()),
    ablations: preset.ablations ?? {},
    conflicts: preset.conflicts ?? [],
  };
}

/** The optimizer without one of its parts. */
export function ablate(of: OptimizerEntry, ablation: string, values: HyperparameterValues): OptimizerEntry {
  const chain = of.chain.map((each): ChainElement => ({ ...each, fixed: (hyper) => elementHyper(each, { ...hyper, ...values }) }));
  const defaults = Object.fromEntries(of.hyperparameters.map((each) => [each.name, each.default]));
  const left = (each: ChainElement, index: number) => isActive(each, defaults) || !isActive(of.chain[index] ?? each, defaults);
  const changes = Object.entries(values).map(([name, value]) => `${name} ${value} instead of ${defaults[name]}`);
  return {
    ...of,
    name: `${of.name}-without-${ablation}`,
    description: `${of.name} with ${changes.join(" and ")}, which shows what that part is worth.`,
    hyperparameters: of.hyperparameters.filter(({ name }) => !(name in values)),
    chain,
    chainNames: chain.filter(left).map(({ element }) => element.name),
    ablations: {},
    stateSize: stateSize(chain, defaults),
  };
}

function isActive(each: ChainElement, hyperparameters: HyperparameterValues): boolean {
  return activeElements([each], hyperparameters).length > 0;
}

/** Elements of all states over elements of the parameter, for a square matrix as models have them. */
function stateSize(chain: readonly ChainElement[], hyperparameters: HyperparameterValues): number {
  const shape = matrixShape([768, 768]);
  const sizes = activeElements(chain, hyperparameters).map((each) => {
    const hyper = elementHyper(each, hyperparameters);
    if (each.element.kind !== "matrix") return Object.keys(each.element.state(hyper)).length;
    const states = Object.values(each.element.state(shape, hyper));
    return states.reduce((sum, { rows, columns }) => sum + rows * columns, 0) / (shape.rows * shape.columns);
  });
  return Math.round(sizes.reduce((sum, size) => sum + size, 0) * 1000) / 1000;
}

function entry(name: string, declaration: Declaration, defaults: HyperparameterValues): HyperparameterEntry {
  const { type, unit, description } = declaration;
  return { name, type, default: defaults[name] ?? declaration.default, range: describeRange(declaration), unit, description, declaration };
}
