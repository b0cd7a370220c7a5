import type { Fault } from "../fault.js";
import type { GroupOverride } from "../jobs/trainingJob.js";
import { nearest } from "../nearest.js";
import { quote } from "../quote.js";
import { isDecayed } from "./decayMask.js";
import type { TensorScalars } from "./evaluateScalar.js";

/** Groups that an optimizer may have. */
export const mostGroups = 32;
/** Characters that a group's pattern may have. */
export const longestPattern = 200;

/** A parameter as optimizers tell them apart. */
export interface ParameterDescription {
  readonly name: string;
  readonly shape: readonly number[];
}

/** The scalars of each parameter. Where several overrides match, the last that says something counts. */
export function parameterGroups(parameters: readonly ParameterDescription[], overrides: readonly GroupOverride[] = []): TensorScalars[] {
  const depth = 1 + Math.max(-1, ...parameters.map(({ name }) => layerOf(name) ?? -1));
  return parameters.map(({ name, shape }) => {
    const matching = overrides.filter(({ pattern }) => matchesPattern(pattern, name));
    const last = <T>(values: readonly (T | undefined)[]) => values.findLast((value) => value !== undefined);
    return {
      decayed: Number(last(matching.map(({ decayed }) => decayed)) ?? isDecayed(name, shape)),
      size: shape.reduce((product, axis) => product * axis, 1),
      layersAbove: layersAbove(name, depth),
      learningRateScale: last(matching.map(({ learningRateScale }) => learningRateScale)) ?? 1,
    };
  });
}

/**
 * The parameters that are not frozen by a learning_rate_scale of 0. A frozen one is left out of training altogether: it has no gradient, which would
 * count in the norm that clips the others or in an estimate that they share, and no state.
 */
export function withoutFrozen<P extends ParameterDescription>(parameters: readonly P[], overrides: readonly GroupOverride[] = []): P[] {
  const scalars = parameterGroups(parameters, overrides);
  return parameters.filter((_, index) => scalars[index]?.learningRateScale !== 0);
}

/** Groups that freeze every parameter. */
export function frozenFaults(overrides: readonly GroupOverride[], parameters: readonly ParameterDescription[], fieldPath: string): Fault[] {
  if (parameters.length === 0 || withoutFrozen(parameters, overrides).length > 0) return [];
  const description = `freeze all ${parameters.length} parameters that would be trained; at least one needs a learning_rate_scale above 0`;
  return [{ field: fieldPath, reason: "NOTHING_TRAINED", description }];
}

/** Groups that no parameter belongs to, most likely by a misspelled pattern; of those with an empty or endless one, and beyond the most, nothing is said. */
export function unmatchedGroupFaults(overrides: readonly GroupOverride[], names: readonly string[], fieldPath: string): Fault[] {
  return overrides.slice(0, mostGroups).flatMap(({ pattern }, index) => {
    if (pattern === "" || pattern.length > longestPattern || names.some((name) => matchesPattern(pattern, name))) return [];
    const meant = nearest(pattern, names);
    const example = meant === undefined ? `its names are like ${examples(names)}` : `did you mean "${meant}"?`;
    return [
      {
        field: `${fieldPath}[${index}].pattern`,
        reason: "NO_MATCH",
        description: `${quote(pattern)} matches no parameter of the model; ${example}`,
      },
    ];
  });
}

/** Some names from all over the model. */
function examples(names: readonly string[]): string {
  const chosen = [0, 0.5, 1].map((share) => names[Math.round(share * (names.length - 1))]);
  return [...new Set(chosen)].map((name) => `"${name}"`).join(", ");
}

/**
 * Whether an optimizer for matrices takes a parameter: a matrix between the embeddings and the output head, as Jordan et al., 2024, "Muon: An
 * optimizer for hidden layers in neural networks", advise.
 */
export function isHiddenMatrix({ name, shape }: ParameterDescription): boolean {
  return shape.length === 2 && !/embed|(^|\.)(wte|wpe)\.|classifier|(^|\.)(score|lm_head|head)\b/.test(name);
}

/**
 * Whether a pattern, in which `*` stands for any text, matches a name. It goes back to the last `*` only, so many of them take no more than
 * the product of the lengths.
 */
export function matchesPattern(pattern: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let place = 0; place < name.length;) {
    if (pattern[at] === "*") {
      star = at++;
      resume = place;
    } else if (pattern[at] === name[place]) {
      at++;
      place++;
    } else if (star >= 0) {
      at = star + 1;
      place = ++resume;
    } else return false;
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}

/** The number in `encoder.layer.3.` or `h.3.`. */
function layerOf(name: string): number | undefined {
  const number = /(?:^|\.)(?:layers?|h|blocks?)\.(\d+)\./.exec(name)?.[1];
  return number === undefined ? undefined : Number(number);
}

/** The head has none above it, the last layer one, the embeddings all layers and one. */
function layersAbove(name: string, depth: number): number {
  const layer = layerOf(name);
  if (layer !== undefined) return depth - layer;
  return /embed|(^|\.)(wte|wpe)\./.test(name) ? depth + 1 : 0;
}
