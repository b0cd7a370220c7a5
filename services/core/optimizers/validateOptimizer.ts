import type { Fault } from "../fault.js";
import type { ElementSelection, GroupOverride, OptimizerSelection } from "../jobs/trainingJob.js";
import { quote } from "../quote.js";
import { findOptimizer, optimizers } from "./catalogue.js";
import { type ChainElement, elementHyper, use } from "./chain.js";
import { chainFaults } from "./chainRules.js";
import type { HyperparameterValues } from "./defineTransform.js";
import { elements, findElement } from "./elements.js";
import { suggestion, validateHyperparameters } from "./validateHyperparameters.js";

/** An optimizer as a caller chose it. */
export interface OptimizerDraft {
  name: string;
  hyperparameters?: Readonly<Record<string, unknown>>;
  chain?: readonly ElementDraft[];
  wrappers?: readonly ElementDraft[];
  groups?: readonly GroupOverride[];
}

interface ElementDraft {
  name: string;
  hyperparameters: Readonly<Record<string, unknown>>;
}

/** What an optimizer that is made of a caller's own chain is called. */
const customName = "custom";
/** Elements that a chain may have, and groups that an optimizer may have. */
const most = 32;

/**
 * Checks an optimizer's name, hyperparameters, chain, wrappers and groups, and fills in the catalogue's defaults.
 * @param fieldPath where the selection stands, for example `training_job.optimizer`
 * @returns all faults; `selection` is complete, a value with a fault replaced by its default
 */
export function validateOptimizer(draft: OptimizerDraft, fieldPath: string): { faults: Fault[]; selection: OptimizerSelection } {
  const faults: Fault[] = [];
  const base = draft.chain?.length ? customChain(draft, draft.chain, fieldPath, faults) : preset(draft, fieldPath, faults);
  const wrappers = readElements(draft.wrappers ?? [], `${fieldPath}.wrappers`, faults);
  wrappers.chain.forEach(({ element }, index) => {
    if (element.kind !== "wrapper")
      faults.push({
        field: `${fieldPath}.wrappers[${index}].name`,
        reason: "NOT_A_WRAPPER",
        description: `"${element.name}" is no wrapper; allowed: ${wrapperNames()}`,
      });
  });
  faults.push(...groupFaults(draft.groups ?? [], `${fieldPath}.groups`));
  if (faults.length === 0)
    for (const chain of base.chains)
      faults.push(...chainFaults([...chain, ...wrappers.chain], base.hyperparameters, base.places(chain), fieldPath));
  return {
    faults,
    selection: {
      name: draft.name || (base.elements ? customName : ""),
      hyperparameters: { ...base.hyperparameters },
      ...(base.elements && { chain: base.elements }),
      ...(wrappers.selections.length > 0 && { wrappers: wrappers.selections }),
      ...(draft.groups?.length && { groups: draft.groups }),
    },
  };
}

interface Base {
  chains: readonly (readonly ChainElement[])[];
  hyperparameters: HyperparameterValues;
  /** Of a custom chain. */
  elements?: ElementSelection[];
  /** Where an element of the chain is named, for messages; undefined: in the catalogue. */
  places(chain: readonly ChainElement[]): (index: number) => string | undefined;
}

function preset(draft: OptimizerDraft, fieldPath: string, faults: Fault[]): Base {
  const entry = findOptimizer(draft.name);
  if (!entry) {
    faults.push(nameFault(draft.name, `${fieldPath}.name`));
    return { chains: [], hyperparameters: {}, places: () => () => undefined };
  }
  const field = `${fieldPath}.hyperparameters`;
  const checked = validateHyperparameters(entry.name, entry.hyperparameters, draft.hyperparameters ?? {}, field);
  faults.push(...checked.faults);
  const chains = [entry.chain, ...(entry.others ? [entry.others] : [])];
  if (checked.faults.length === 0)
    for (const each of chains.flat()) {
      const conflict = each.element.conflict(elementHyper(each, checked.hyperparameters));
      const name = conflict && (each.names[conflict.hyperparameter] ?? conflict.hyperparameter);
      if (conflict) faults.push({ field: `${field}.${name}`, reason: "CONFLICT", description: conflict.description });
    }
  return { chains, hyperparameters: checked.hyperparameters, places: () => () => undefined };
}

function customChain(draft: OptimizerDraft, chain: readonly ElementDraft[], fieldPath: string, faults: Fault[]): Base {
  if (draft.name !== "" && draft.name !== customName)
    faults.push({
      field: `${fieldPath}.name`,
      reason: "CONFLICT",
      description: `${quote(draft.name)} stands beside a chain; allowed with a chain: "${customName}"`,
    });
  for (const name of Object.keys(draft.hyperparameters ?? {}).slice(0, most))
    faults.push({
      field: `${fieldPath}.hyperparameters.${name}`,
      reason: "CONFLICT",
      description: "stands beside a chain; the hyperparameters of a chain belong to its elements",
    });
  const read = readElements(chain, `${fieldPath}.chain`, faults);
  const rate = read.selections.find(({ name }) => isLearningRateElement(name))?.hyperparameters["learning_rate"];
  return {
    chains: [read.chain],
    hyperparameters: typeof rate === "number" ? { learning_rate: rate } : {},
    elements: read.selections,
    places: () => (index) => (index < chain.length ? `${fieldPath}.chain[${index}].name` : undefined),
  };
}

function isLearningRateElement(name: string): boolean {
  const element = findElement(name);
  return element !== undefined && element.kind !== "wrapper" && element.appliesLearningRate;
}

/** Elements by name, with complete hyperparameters. */
function readElements(
  drafts: readonly ElementDraft[],
  fieldPath: string,
  faults: Fault[],
): { chain: ChainElement[]; selections: ElementSelection[] } {
  if (drafts.length > most)
    faults.push({ field: fieldPath, reason: "TOO_MANY", description: `has ${drafts.length} elements; at most ${most} are allowed` });
  const selections: ElementSelection[] = [];
  const chain = drafts.slice(0, most).flatMap((draft, index) => {
    const element = findElement(draft.name);
    if (!element) {
      const names = elements.map(({ name }) => name);
      faults.push({
        field: `${fieldPath}[${index}].name`,
        reason: "UNKNOWN_ELEMENT",
        description: `${quote(draft.name)} is not an element${suggestion(draft.name, names)}; allowed: ${names.join(", ")}`,
      });
      return [];
    }
    const declared = Object.entries(element.hyperparameters).map(([name, declaration]) => ({
      name,
      default: declaration.default,
      declaration,
    }));
    const field = `${fieldPath}[${index}].hyperparameters`;
    const checked = validateHyperparameters(element.name, declared, draft.hyperparameters, field);
    faults.push(...checked.faults);
    const conflict = checked.faults.length === 0 ? element.conflict(checked.hyperparameters) : undefined;
    if (conflict) faults.push({ field: `${field}.${conflict.hyperparameter}`, reason: "CONFLICT", description: conflict.description });
    selections.push({ name: element.name, hyperparameters: checked.hyperparameters });
    return [use(element, checked.hyperparameters)];
  });
  return { chain, selections };
}

function groupFaults(groups: readonly GroupOverride[], fieldPath: string): Fault[] {
  const faults: Fault[] = [];
  if (groups.length > most)
    faults.push({ field: fieldPath, reason: "TOO_MANY", description: `has ${groups.length} groups; at most ${most} are allowed` });
  groups.slice(0, most).forEach(({ pattern, learningRateScale: scale }, index) => {
    if (pattern === "" || pattern.length > 200)
      faults.push({
        field: `${fieldPath}[${index}].pattern`,
        reason: pattern === "" ? "REQUIRED" : "TOO_LONG",
        description:
          pattern === ""
            ? "is empty; name a parameter, `*` standing for any text"
            : `has ${pattern.length} characters; at most 200 are allowed`,
      });
    if (scale !== undefined && !(scale >= 0 && scale <= 1000))
      faults.push({
        field: `${fieldPath}[${index}].learning_rate_scale`,
        reason: "OUT_OF_RANGE",
        description: `${scale} is out of range; allowed: a number from 0 to 1000`,
      });
  });
  return faults;
}

/** What is wrong with a name that the catalogue does not have. */
export function nameFault(name: string, field: string): Fault {
  const names = optimizers.map((entry) => entry.name);
  const allowed = `allowed: ${names.join(", ")}`;
  if (name === "") return { field, reason: "REQUIRED", description: `is empty; ${allowed}` };
  if (name === customName) return { field, reason: "REQUIRED", description: `"${customName}" needs a chain; without one, ${allowed}` };
  return { field, reason: "UNKNOWN_OPTIMIZER", description: `${quote(name)} is not an optimizer${suggestion(name, names)}; ${allowed}` };
}

function wrapperNames(): string {
  return elements.flatMap(({ kind, name }) => (kind === "wrapper" ? [name] : [])).join(", ");
}
