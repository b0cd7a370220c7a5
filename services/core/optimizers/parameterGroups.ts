import type { GroupOverride } from "../jobs/trainingJob.js";
import { isDecayed } from "./decayMask.js";
import type { TensorScalars } from "./evaluateScalar.js";

/** A parameter as optimizers tell them apart. */
export interface ParameterDescription {
  readonly name: string;
  readonly shape: readonly number[];
}

/** The scalars of each parameter. Where several overrides match, the last that says something counts. */
export function parameterGroups(parameters: readonly ParameterDescription[], overrides: readonly GroupOverride[] = []): TensorScalars[] {
  const depth = 1 + Math.max(-1, ...parameters.map(({ name }) => layerOf(name) ?? -1));
  const matchers = overrides.map((override) => ({ ...override, matches: matcher(override.pattern) }));
  return parameters.map(({ name, shape }) => {
    const matching = matchers.filter(({ matches }) => matches(name));
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
 * Whether an optimizer for matrices takes a parameter: a matrix between the embeddings and the output head, as Jordan et al., 2024, "Muon: An
 * optimizer for hidden layers in neural networks", advise.
 */
export function isHiddenMatrix({ name, shape }: ParameterDescription): boolean {
  return shape.length === 2 && !/embed|(^|\.)(wte|wpe)\.|classifier|(^|\.)(score|lm_head|head)\b/.test(name);
}

/** Whether a pattern with `*` matches a name. */
function matcher(pattern: string): (name: string) => boolean {
  const expression = new RegExp(
    `^${pattern
      .split("*")
      .map((text) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*")}$`,
  );
  return (name) => expression.test(name);
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
