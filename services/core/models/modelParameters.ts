import type { Fault } from "../fault.js";
import { contradictingTensors } from "./contradictingTensors.js";
import type { DecoderConfig } from "./decoderConfig.js";
import { decoderNames, decoderShapes } from "./decoderParameters.js";
import { describeValue } from "./describeValue.js";
import { encoderNames, encoderShapes } from "./encoderParameters.js";
import { isDecoder, type ModelConfig } from "./modelConfig.js";
import type { ParameterShapes } from "./parameterShapes.js";
import type { TensorEntry } from "./safetensorsHeader.js";

/** What stands on a model: outputs for each sequence (one a class, or one number), or the next token's logits. */
export type ModelHead = { task: "classification"; classes: number } | { task: "regression" } | { task: "causal_lm" };

/** Numbers that a head says of a sequence. */
export function outputsOf(head: Exclude<ModelHead, { task: "causal_lm" }>): number {
  return head.task === "classification" ? head.classes : 1;
}

/** A tensor, and the name of the file that it is in. */
export interface PlacedTensor extends TensorEntry {
  file: string;
}

/** Every parameter but those of the head, in the order of `transformers`. */
export function bodyShapes(config: ModelConfig): ParameterShapes {
  return isDecoder(config) ? decoderShapes(config) : encoderShapes(config);
}

/** The parameters of a head; a tied head has none of its own. Only a decoder has a language head. */
export function headShapes(config: ModelConfig, head: ModelHead): ParameterShapes {
  if (isDecoder(config)) {
    const { classifier } = decoderNames[config.family];
    if (head.task !== "causal_lm") return [[`${classifier}.weight`, [outputsOf(head), config.hiddenSize]]];
    return config.tied ? [] : [[languageHeadWeight(config), [config.vocabSize, config.hiddenSize]]];
  }
  if (head.task === "causal_lm") throw new RangeError(`${config.family} has no language head`);
  const { classifier } = encoderNames[config.family];
  return [
    [`${classifier}.weight`, [outputsOf(head), config.hiddenSize]],
    [`${classifier}.bias`, [outputsOf(head)]],
  ];
}

/** Every parameter of the model with its head, as optimizers tell them apart. */
export function namedShapes(config: ModelConfig, head: ModelHead): { name: string; shape: readonly number[] }[] {
  return [...bodyShapes(config), ...headShapes(config, head)].map(([name, shape]) => ({ name, shape }));
}

/** Parameters of the body that a checkpoint may lack as a whole: `transformers` starts new ones then, and so does the engine. */
export function startableNames(config: ModelConfig): string[] {
  if (isDecoder(config)) return [];
  const { dense } = encoderNames[config.family];
  return [`${dense}.weight`, `${dense}.bias`];
}

/** The name of the weight that gives outputs for sequences; its rows are as many. */
export function classifierWeight(config: ModelConfig): string {
  return `${isDecoder(config) ? decoderNames[config.family].classifier : encoderNames[config.family].classifier}.weight`;
}

/** The name of the weight that gives the next token's logits, where it is not the embedding table. */
export function languageHeadWeight({ family }: DecoderConfig): string {
  return `${decoderNames[family].languageHead}.weight`;
}

/**
 * Matches a checkpoint's tensors with the parameters of the model and of the heads that it has. Tensors that the model does not use
 * (`position_ids`, a masked-language head) are left out; a language head beside an embedding that it is tied to is not.
 * @param tensors by their names in the files
 * @param weights what faults call the checkpoint where no file of it is meant
 * @returns the tensors by parameter name, and a fault for each that is missing, misshapen, of another type or of another model
 */
export function matchParameters(
  config: ModelConfig,
  tensors: ReadonlyMap<string, PlacedTensor>,
  { field, weights }: { field: string; weights: string },
): { matched: Map<string, PlacedTensor>; faults: Fault[] } {
  const faults: Fault[] = [];
  const refuse = (reason: string, file: string, description: string) =>
    void faults.push({ field, reason, description: `${file}: ${description}` });
  const byName = new Map<string, PlacedTensor>();
  for (const [name, entry] of tensors) {
    const canonical = canonicalName(name, config);
    if (byName.has(canonical)) refuse("AMBIGUOUS_TENSOR", entry.file, `two tensors stand for ${describeValue(canonical)}`);
    byName.set(canonical, entry);
    if (faults.length >= maxFaults) return { matched: new Map(), faults };
  }
  const startable = startableNames(config);
  const startsNew = !startable.some((name) => byName.has(name));
  const matched = new Map<string, PlacedTensor>();
  const take = (name: string, shape: readonly number[]) => {
    const entry = byName.get(name);
    if (entry === undefined) return refuse("MISSING_TENSOR", weights, `tensor "${name}" of shape [${shape.join(", ")}] is missing`);
    if (entry.shape.length !== shape.length || entry.shape.some((size, axis) => size !== shape[axis])) {
      const problem = `tensor "${name}" has shape ${describeValue(entry.shape)}; config.json asks for [${shape.join(", ")}]`;
      refuse("MISSHAPEN_TENSOR", entry.file, problem);
    }
    if (!["F32", "F16", "BF16"].includes(entry.dtype))
      refuse("UNSUPPORTED", entry.file, `tensor "${name}" has dtype ${entry.dtype}; allowed: F32, F16, BF16`);
    matched.set(name, entry);
    return undefined;
  };
  const known = new Set<string>();
  for (const [name, shape] of bodyShapes(config)) {
    known.add(name);
    if (!(startsNew && startable.includes(name))) take(name, shape);
    // A configuration of another model fits nowhere: the first faults say so, the rest would only be listed.
    if (faults.length >= maxFaults) return { matched, faults };
  }
  const outputs = byName.get(classifierWeight(config))?.shape[0];
  const heads: ModelHead[] = outputs === undefined ? [] : [{ task: "classification", classes: outputs }];
  const ofHeads = heads.flatMap((head) => [...headShapes(config, head)]);
  if (isDecoder(config) && byName.has(languageHeadWeight(config)))
    ofHeads.push([languageHeadWeight(config), [config.vocabSize, config.hiddenSize]]);
  for (const [name, shape] of ofHeads) {
    known.add(name);
    take(name, shape);
  }
  for (const { name, problem } of contradictingTensors(config, byName.keys(), known))
    if (faults.length < maxFaults) refuse("UNUSED_TENSOR", byName.get(name)?.file ?? weights, problem);
  return { matched, faults };
}

/** Faults of one checkpoint that are told one by one. */
const maxFaults = 50;

/**
 * The name that a checkpoint's tensor has in the model with its head: bare models are written without the family's prefix, and the first BERT
 * checkpoints call the norm's gain and bias `gamma` and `beta`.
 */
function canonicalName(name: string, config: ModelConfig): string {
  const { prefix, parts } = isDecoder(config) ? decoderNames[config.family] : encoderNames[config.family];
  const modern = name.replace(/LayerNorm\.gamma$/, "LayerNorm.weight").replace(/LayerNorm\.beta$/, "LayerNorm.bias");
  return parts.some((part) => modern.startsWith(`${part}.`)) ? `${prefix}${modern}` : modern;
}
