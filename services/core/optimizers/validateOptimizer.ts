import type { Fault } from "../fault.js";
import type { ElementSelection, GroupOverride, OptimizerSelection } from "../jobs/trainingJob.js";
import { plain, quote } from "../quote.js";
import { findOptimizer, optimizers } from "./catalogue.js";
import { elementHyper, use } from "./chain.js";
import { chainFaults, type PlacedElement } from "./chainRules.js";
import type { HyperparameterValues } from "./defineTransform.js";
import { elements, findElement } from "./elements.js";
import { asFloat32 } from "./hyperparameter.js";
import { longestPattern, mostGroups } from "./parameterGroups.js";
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
/** Elements that a chain may have. */
const most = 32;

/**
 * Checks an optimizer's name, hyperparameters, chain, wrappers and groups, and fills in the catalogue's defaults.
 * @param fieldPath where the selection stands, for example `training_job.optimizer`
 * @returns all faults; `selection` is complete, a value with a fault replaced by its default
 */
export function validateOptimizer(draft: OptimizerDraft, fieldPath: string): { faults: Fault[]; selection: OptimizerSelection } {
  const faults: Fault[] = [];
  const base = draft.chain?.length ? customChain(draft, draft.chain, fieldPath, faults) : preset(draft, fieldPath, faults);
  const read = readElements(draft.wrappers ?? [], `${fieldPath}.wrappers`, faults, wrapperNames);
  const wrappers = read.placed.filter(({ element: { element }, place }) => {
    if (element.kind === "wrapper") return true;
    faults.push({
      field: place,
      reason: "NOT_A_WRAPPER",
      description: `"${element.name}" is no wrapper; allowed: ${wrapperNames.join(", ")}`,
    });
    return false;
  });
  faults.push(...groupFaults(draft.groups ?? [], `${fieldPath}.groups`));
  const ofChains = base.chains.flatMap((chain) =>
    chainFaults([...chain, ...wrappers], base.hyperparameters, { field: fieldPath, whole: base.whole }),
  );
  // The chains of a split optimizer may have the same one.
  faults.push(...new Map(ofChains.map((fault) => [`${fault.field} ${fault.description}`, fault])).values());
  return {
    faults,
    selection: {
      name: draft.name || (base.elements ? customName : ""),
      hyperparameters: { ...base.hyperparameters },
      ...(base.elements && { chain: base.elements }),
      ...(read.selections.length > 0 && { wrappers: read.selections }),
      ...(draft.groups?.length && { groups: draft.groups }),
    },
  };
}

interface Base {
  chains: readonly (readonly PlacedElement[])[];
  /** Whether the chains have all elements that were meant: none has a name that is not known. */
  whole: boolean;
  hyperparameters: HyperparameterValues;
  /** Of a custom chain. */
  elements?: ElementSelection[];
}

function preset(draft: OptimizerDraft, fieldPath: string, faults: Fault[]): Base {
  const entry = findOptimizer(draft.name);
  if (!entry) {
    faults.push(nameFault(draft.name, `${fieldPath}.name`));
    return { chains: [[]], whole: false, hyperparameters: {} };
  }
  const field = `${fieldPath}.hyperparameters`;
  const { faults: ofValues, hyperparameters } = validateHyperparameters(
    entry.name,
    entry.hyperparameters,
    draft.hyperparameters ?? {},
    field,
  );
  faults.push(...ofValues);
  const chains = [entry.chain, ...(entry.others ? [entry.others] : [])];
  for (const each of chains.flat()) {
    const own = Object.keys(each.element.hyperparameters).map((name) => `${field}.${each.names[name] ?? name}`);
    const conflict = areKnown(ofValues, own) ? each.element.conflict(elementHyper(each, hyperparameters)) : undefined;
    const name = conflict && (each.names[conflict.hyperparameter] ?? conflict.hyperparameter);
    if (conflict) faults.push({ field: `${field}.${name}`, reason: "CONFLICT", description: conflict.description });
  }
  return { chains: chains.map((chain) => chain.map((element) => ({ element, place: fieldPath }))), whole: true, hyperparameters };
}

/**
 * Whether the values that a rule looks at are those that the caller meant: none of them has a fault, and none was perhaps given under a wrong
 * name.
 */
function areKnown(faults: readonly Fault[], fields: readonly string[]): boolean {
  return !faults.some(({ field, reason }) => fields.includes(field) || reason === "UNKNOWN_HYPERPARAMETER");
}

function customChain(draft: OptimizerDraft, chain: readonly ElementDraft[], fieldPath: string, faults: Fault[]): Base {
  if (draft.name !== "" && draft.name !== customName)
    faults.push({
      field: `${fieldPath}.name`,
      reason: "CONFLICT",
      description: `${quote(draft.name)} stands beside a chain; allowed with a chain: "${customName}"`,
    });
  const names = Object.keys(draft.hyperparameters ?? {});
  for (const name of names.slice(0, most))
    faults.push({
      field: `${fieldPath}.hyperparameters.${plain(name)}`,
      reason: "CONFLICT",
      description: "stands beside a chain; the hyperparameters of a chain belong to its elements",
    });
  if (names.length > most)
    faults.push({
      field: `${fieldPath}.hyperparameters`,
      reason: "MORE_FAULTS",
      description: `… and ${names.length - most} more that stand beside a chain`,
    });
  const { placed, selections, whole } = readElements(chain, `${fieldPath}.chain`, faults, elementNames);
  const rate = selections.find(({ name }) => isLearningRateElement(name))?.hyperparameters["learning_rate"];
  return {
    chains: [placed],
    whole,
    hyperparameters: typeof rate === "number" ? { learning_rate: rate } : {},
    elements: selections,
  };
}

function isLearningRateElement(name: string): boolean {
  const element = findElement(name);
  return element !== undefined && element.kind !== "wrapper" && element.appliesLearningRate;
}

/**
 * Elements by name, with complete hyperparameters; those without a known name are left out.
 * @param allowed the names that faults suggest; the first fault lists them
 */
function readElements(
  drafts: readonly ElementDraft[],
  fieldPath: string,
  faults: Fault[],
  allowed: readonly string[],
): { placed: PlacedElement[]; selections: ElementSelection[]; whole: boolean } {
  if (drafts.length > most)
    faults.push({ field: fieldPath, reason: "TOO_MANY", description: `has ${drafts.length} elements; at most ${most} are allowed` });
  const considered = drafts.slice(0, most);
  let listed = false;
  const selections: ElementSelection[] = [];
  const placed = considered.flatMap((draft, index) => {
    const place = `${fieldPath}[${index}].name`;
    const element = findElement(draft.name);
    if (!element) {
      const list = listed ? "" : `; allowed: ${allowed.join(", ")}`;
      listed = true;
      const what = allowed === wrapperNames ? "a wrapper" : "an element";
      faults.push({
        field: place,
        reason: "UNKNOWN_ELEMENT",
        description: `${quote(draft.name)} is not ${what}${suggestion(draft.name, allowed)}${list}`,
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
    return [{ element: use(element, checked.hyperparameters), place }];
  });
  return { placed, selections, whole: placed.length === drafts.length };
}

function groupFaults(groups: readonly GroupOverride[], fieldPath: string): Fault[] {
  const faults: Fault[] = [];
  if (groups.length > mostGroups)
    faults.push({ field: fieldPath, reason: "TOO_MANY", description: `has ${groups.length} groups; at most ${mostGroups} are allowed` });
  groups.slice(0, mostGroups).forEach(({ pattern, learningRateScale: scale, decayed }, index) => {
    if (scale === undefined && decayed === undefined)
      faults.push({
        field: `${fieldPath}[${index}]`,
        reason: "REQUIRED",
        description: `${quote(pattern)} sets nothing; allowed: learning_rate_scale, decayed`,
      });
    if (pattern === "" || pattern.length > longestPattern)
      faults.push({
        field: `${fieldPath}[${index}].pattern`,
        reason: pattern === "" ? "REQUIRED" : "TOO_LONG",
        description:
          pattern === ""
            ? "is empty; name a parameter, `*` standing for any text"
            : `has ${pattern.length} characters; at most ${longestPattern} are allowed`,
      });
    if (scale !== undefined && !(scale >= 0 && scale <= 1000))
      faults.push({
        field: `${fieldPath}[${index}].learning_rate_scale`,
        reason: "OUT_OF_RANGE",
        description: `${scale} is out of range; allowed: a number from 0 to 1000`,
      });
    else if (scale !== undefined && scale > 0 && asFloat32(scale) === 0)
      faults.push({
        field: `${fieldPath}[${index}].learning_rate_scale`,
        reason: "OUT_OF_RANGE",
        description: `${scale} is 0 in float32, and would freeze the parameters; allowed: a number from 0 to 1000, where 0 freezes them`,
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

const elementNames = elements.map(({ name }) => name);
const wrapperNames = elements.flatMap(({ kind, name }) => (kind === "wrapper" ? [name] : []));
