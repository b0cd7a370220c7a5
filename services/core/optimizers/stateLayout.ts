import { describeValue } from "../models/describeValue.js";
import { quote } from "../quote.js";
import { composeChain, type ComposedChain } from "./chain.js";
import { matrixShape } from "./defineMatrixTransform.js";
import type { ParameterDescription } from "./parameterGroups.js";
import { partitionParameters } from "./partitionParameters.js";
import type { ResolvedOptimizer } from "./resolveOptimizer.js";

/** What an optimizer keeps from step to step for one set of parameters, without the values. */
export interface StateLayout {
  /**
   * Shapes by `<element>.<state>/<parameter>`, and by `parameters/<parameter>` where the model is evaluated beside the parameter: who saves
   * the point of evaluation has to save the parameter too.
   */
  readonly tensors: ReadonlyMap<string, readonly number[]>;
  /** Names of numbers: `<element>.<name>`, or `<element>.<name>/<parameter>` where each parameter has its own. */
  readonly scalars: ReadonlySet<string>;
}

/** Before the slash of a parameter that is kept beside its point of evaluation. */
const parametersKey = "parameters";

/** The name of a parameter's own value in a layout. */
export function parameterKey(name: string): string {
  return `${parametersKey}/${name}`;
}

/** What this optimizer keeps for these parameters. */
export function stateLayout(optimizer: ResolvedOptimizer, parameters: readonly ParameterDescription[]): StateLayout {
  const partitions = partitionParameters(optimizer, parameters).map((partition) => ({
    chain: composeChain(partition.chain, optimizer.hyperparameters),
    parameters: partition.parameters,
  }));
  const tensors = partitions.flatMap(({ chain, parameters: own }) => own.flatMap((parameter) => shapesOf(chain, parameter)));
  const scalars = partitions.flatMap(({ chain, parameters: own }) =>
    chain.remembered.flatMap(({ key, scope }) => (scope === "step" ? [key] : own.map(({ name }) => `${key}/${name}`))),
  );
  return { tensors: new Map(tensors), scalars: new Set(scalars) };
}

function shapesOf(chain: ComposedChain, { name, shape }: ParameterDescription): [string, readonly number[]][] {
  const matrices = chain.segments.flatMap((segment) => {
    if (segment.kind !== "matrix") return [];
    const states = Object.entries(segment.transform.state(matrixShape(shape), segment.hyper));
    return states.map(([key, { rows, columns }]): [string, number[]] => [`${segment.name}.${key}/${name}`, [rows, columns]]);
  });
  return [
    ...chain.states.map(({ key }): [string, readonly number[]] => [`${key}/${name}`, shape]),
    ...matrices,
    ...(chain.evaluationPoint ? [[parameterKey(name), shape] as [string, readonly number[]]] : []),
  ];
}

/** Sentences of one comparison; further ones are counted. */
const most = 12;

/**
 * What does not fit when something that was kept is given to an optimizer.
 * @returns one sentence for each state, however many parameters it concerns, and not more than a few; none: everything fits
 */
export function layoutDifferences(wanted: StateLayout, kept: StateLayout): string[] {
  const missing = [...wanted.tensors.keys()].filter((key) => !kept.tensors.has(key));
  const surplus = [...kept.tensors.keys()].filter((key) => !wanted.tensors.has(key));
  const reshaped = [...wanted.tensors].flatMap(([key, shape]) => {
    const other = kept.tensors.get(key);
    return other && !sameShape(other, shape) ? [{ key, example: `${describeValue(other)} instead of ${describeValue(shape)}` }] : [];
  });
  const example = new Map(reshaped.map((each) => [each.key, `: ${each.example}`]));
  const reshapedKeys = reshaped.map(({ key }) => key);
  const sentences = [
    ...grouped(missing).map((group) => `${tensorsOf(group)} is missing${concerned(group)}`),
    ...grouped([...wanted.scalars].filter((key) => !kept.scalars.has(key))).map(
      (group) => `the number ${quote(group.state)} is missing${concerned(group)}`,
    ),
    ...grouped(surplus).map((group) => `${tensorsOf(group)} is surplus${concerned(group)}`),
    ...grouped([...kept.scalars].filter((key) => !wanted.scalars.has(key))).map(
      (group) => `the number ${quote(group.state)} is surplus${concerned(group)}`,
    ),
    ...grouped(reshapedKeys).map((group) => `${tensorsOf(group)} has another shape${concerned(group)}${example.get(group.first) ?? ""}`),
  ];
  const left = sentences.length - most;
  return left <= 0 ? sentences : [...sentences.slice(0, most), `and ${left} more ${left === 1 ? "difference" : "differences"}`];
}

/** Equal in length and in every axis. */
function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((axis, index) => axis === b[index]);
}

/** The names that one state has. */
interface StateGroup {
  state: string;
  /** As it was given. */
  first: string;
  parameters: string[];
}

function grouped(keys: readonly string[]): StateGroup[] {
  const groups = new Map<string, StateGroup>();
  for (const key of keys) {
    const slash = key.indexOf("/");
    const state = slash < 0 ? key : key.slice(0, slash);
    const group = groups.get(state) ?? { state, first: key, parameters: [] };
    if (slash >= 0) group.parameters.push(key.slice(slash + 1));
    groups.set(state, group);
  }
  return [...groups.values()];
}

function tensorsOf({ state }: StateGroup): string {
  return state === parametersKey ? "the parameter beside its point of evaluation" : `the state ${quote(state)}`;
}

function concerned({ parameters: [first, ...rest] }: StateGroup): string {
  if (first === undefined) return "";
  return rest.length === 0 ? ` for the parameter ${quote(first)}` : ` for ${rest.length + 1} parameters, e.g. ${quote(first)}`;
}
