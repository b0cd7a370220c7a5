import type { Fault } from "../fault.js";
import type { BertConfig } from "./bertConfig.js";
import { describeValue } from "./describeValue.js";
import type { TensorEntry } from "./safetensorsHeader.js";

/** Names in `BertForSequenceClassification`, each with its shape. Weights of linear layers are [out, in]. */
export type ParameterShapes = Iterable<readonly [name: string, shape: readonly number[]]>;

export const classifierWeight = "classifier.weight";
export const classifierBias = "classifier.bias";
export const poolerWeight = "bert.pooler.dense.weight";
export const poolerBias = "bert.pooler.dense.bias";

/** The name prefix of one encoder layer, counted from 0. */
export function layerPrefix(layer: number): string {
  return `bert.encoder.layer.${layer}`;
}

/** Every parameter of the encoder with its pooler, in the order of `transformers`; one at a time, so that who compares can stop. */
export function* encoderShapes(config: BertConfig): Generator<readonly [string, readonly number[]]> {
  const { hiddenSize: hidden, intermediateSize: intermediate } = config;
  yield ["bert.embeddings.word_embeddings.weight", [config.vocabSize, hidden]];
  yield ["bert.embeddings.position_embeddings.weight", [config.maxPositions, hidden]];
  yield ["bert.embeddings.token_type_embeddings.weight", [config.typeVocabSize, hidden]];
  yield* norm("bert.embeddings.LayerNorm", hidden);
  for (let layer = 0; layer < config.layers; layer++) {
    const prefix = layerPrefix(layer);
    for (const part of ["query", "key", "value"]) yield* linear(`${prefix}.attention.self.${part}`, hidden, hidden);
    yield* linear(`${prefix}.attention.output.dense`, hidden, hidden);
    yield* norm(`${prefix}.attention.output.LayerNorm`, hidden);
    yield* linear(`${prefix}.intermediate.dense`, hidden, intermediate);
    yield* linear(`${prefix}.output.dense`, intermediate, hidden);
    yield* norm(`${prefix}.output.LayerNorm`, hidden);
  }
  yield* linear("bert.pooler.dense", hidden, hidden);
}

function linear(name: string, from: number, to: number): [string, number[]][] {
  return [
    [`${name}.weight`, [to, from]],
    [`${name}.bias`, [to]],
  ];
}

function norm(name: string, size: number): [string, number[]][] {
  return [
    [`${name}.weight`, [size]],
    [`${name}.bias`, [size]],
  ];
}

/** The classification head: one linear layer over the pooler's output. */
export function classifierShapes(config: BertConfig, classes: number): ParameterShapes {
  return linear("classifier", config.hiddenSize, classes);
}

/** Every parameter of the model with its head, as optimizers tell them apart. */
export function namedShapes(config: BertConfig, classes: number): { name: string; shape: readonly number[] }[] {
  return [...encoderShapes(config), ...classifierShapes(config, classes)].map(([name, shape]) => ({ name, shape }));
}

/** How many numbers the shapes hold together. */
export function parameterCount(shapes: ParameterShapes): number {
  let count = 0;
  for (const [, shape] of shapes) count += shape.reduce((product, size) => product * size, 1);
  return count;
}

/**
 * The name that a checkpoint's tensor has in `BertForSequenceClassification`: base models are written without the `bert.` prefix, and
 * the first BERT checkpoints call the norm's gain and bias `gamma` and `beta`.
 */
function canonicalName(name: string): string {
  const modern = name.replace(/LayerNorm\.gamma$/, "LayerNorm.weight").replace(/LayerNorm\.beta$/, "LayerNorm.bias");
  return /^(embeddings|encoder|pooler)\./.test(modern) ? `bert.${modern}` : modern;
}

/**
 * Matches a file's tensors with the parameters of the model. Tensors that the model does not use (`position_ids`, a masked-language head)
 * are left out. A pooler may be missing as a whole: `transformers` starts a new one then, and so does the engine.
 * @returns the file's tensors by parameter name, and a fault for each that is missing, misshapen or of another type
 */
export function matchParameters(
  config: BertConfig,
  tensors: ReadonlyMap<string, TensorEntry>,
  field: string,
): { matched: Map<string, TensorEntry>; faults: Fault[] } {
  const faults: Fault[] = [];
  const refuse = (reason: string, description: string) => faults.push({ field, reason, description: `model.safetensors: ${description}` });
  const byName = new Map<string, TensorEntry>();
  for (const [name, entry] of tensors) {
    const canonical = canonicalName(name);
    if (byName.has(canonical)) refuse("AMBIGUOUS_TENSOR", `two tensors stand for ${describeValue(canonical)}`);
    byName.set(canonical, entry);
    if (faults.length >= maxFaults) return { matched: new Map(), faults };
  }
  const withoutPooler = !byName.has(poolerWeight) && !byName.has(poolerBias);
  const matched = new Map<string, TensorEntry>();
  const take = (name: string, shape: readonly number[]) => {
    const entry = byName.get(name);
    if (entry === undefined) return refuse("MISSING_TENSOR", `tensor "${name}" of shape [${shape.join(", ")}] is missing`);
    if (entry.shape.length !== shape.length || entry.shape.some((size, axis) => size !== shape[axis]))
      refuse("MISSHAPEN_TENSOR", `tensor "${name}" has shape ${describeValue(entry.shape)}; config.json asks for [${shape.join(", ")}]`);
    if (!["F32", "F16", "BF16"].includes(entry.dtype))
      refuse("UNSUPPORTED", `tensor "${name}" has dtype ${entry.dtype}; allowed: F32, F16, BF16`);
    matched.set(name, entry);
    return undefined;
  };
  for (const [name, shape] of encoderShapes(config)) {
    if (!(withoutPooler && (name === poolerWeight || name === poolerBias))) take(name, shape);
    // A configuration of another model fits nowhere: the first faults say so, the rest would only be listed.
    if (faults.length >= maxFaults) return { matched, faults };
  }
  const classes = byName.get(classifierBias)?.shape[0];
  if (classes !== undefined) for (const [name, shape] of classifierShapes(config, classes)) take(name, shape);
  return { matched, faults };
}

/** Faults of one file that are told one by one. */
const maxFaults = 50;
