import type {
  ChainElement as WireElement,
  ChainElementInput,
  HyperparameterInput,
  OptimizerElementInput,
  OptimizerInput,
  OptimizerSpec,
  OptimizerSpecInput,
} from "@stepwire/proto";
import type { ElementSelection, OptimizerSelection } from "#core/jobs/trainingJob.js";
import type { OptimizerEntry } from "#core/optimizers/catalogueEntry.js";
import type { Element } from "#core/optimizers/chain.js";
import { type Declaration, describeRange } from "#core/optimizers/hyperparameter.js";
import type { OptimizerDraft } from "#core/optimizers/validateOptimizer.js";
import { objectToStruct, structToObject, toValue } from "#platform/struct.js";
import { defined } from "./defined.js";

/** The caller's optimizer as a draft. */
export function readOptimizer({ name, hyperparameters, chain, wrappers, groups }: OptimizerSpec): OptimizerDraft {
  return {
    name,
    hyperparameters: hyperparameters ? structToObject(hyperparameters) : {},
    chain: chain.map(readElement),
    wrappers: wrappers.map(readElement),
    groups: groups.map((group) =>
      defined({ pattern: group.pattern, learningRateScale: group.learning_rate_scale, decayed: group.decayed }),
    ),
  };
}

/** The optimizer of a record as the contract shows it. */
export function writeOptimizerSpec({ name, hyperparameters, chain, wrappers, groups }: OptimizerSelection): OptimizerSpecInput {
  return {
    name,
    hyperparameters: objectToStruct(hyperparameters),
    ...(chain && { chain: chain.map(writeElement) }),
    ...(wrappers && { wrappers: wrappers.map(writeElement) }),
    ...(groups && {
      groups: groups.map(({ pattern, learningRateScale, decayed }) =>
        defined({ pattern, learning_rate_scale: learningRateScale, decayed }),
      ),
    }),
  };
}

/** One optimizer of the catalogue. */
export function writeOptimizer(entry: OptimizerEntry): OptimizerInput {
  return {
    name: entry.name,
    description: entry.description,
    formula: entry.formula,
    source: entry.source,
    hyperparameters: entry.hyperparameters.map((each) => writeHyperparameter(each.name, each.declaration, each.default)),
    chain: [...entry.chainNames],
    state_size: entry.stateSize,
    other_chain: entry.others?.map(({ element }) => element.name) ?? [],
    ablations: Object.keys(entry.ablations).map((ablation) => `${entry.name}-without-${ablation}`),
    conflicts: [...entry.conflicts],
  };
}

const kinds = {
  transform: "OPTIMIZER_ELEMENT_KIND_TRANSFORM",
  matrix: "OPTIMIZER_ELEMENT_KIND_MATRIX_TRANSFORM",
  wrapper: "OPTIMIZER_ELEMENT_KIND_WRAPPER",
} as const;

/** One element that chains can be made of. */
export function writeOptimizerElement({ name, description, kind, hyperparameters }: Element): OptimizerElementInput {
  return {
    name,
    description,
    kind: kinds[kind],
    hyperparameters: Object.entries(hyperparameters).map(([key, declaration]) =>
      writeHyperparameter(key, declaration, declaration.default),
    ),
  };
}

function readElement({ name, hyperparameters }: WireElement): ElementSelection {
  return { name, hyperparameters: (hyperparameters ? structToObject(hyperparameters) : {}) as ElementSelection["hyperparameters"] };
}

function writeElement({ name, hyperparameters }: ElementSelection): ChainElementInput {
  return { name, hyperparameters: objectToStruct(hyperparameters) };
}

function writeHyperparameter(name: string, declaration: Declaration, value: number | boolean | string): HyperparameterInput {
  const { type, unit, description } = declaration;
  return { name, type, default_value: toValue(value), range: describeRange(declaration), description, unit };
}
