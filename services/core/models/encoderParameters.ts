import type { Fault } from "../fault.js";
import type { EncoderConfig, EncoderFamily } from "./encoderConfig.js";
import { describeValue } from "./describeValue.js";
import type { TensorEntry } from "./safetensorsHeader.js";

/** Names of parameters, each with its shape. Weights of linear layers are [out, in]. */
export type ParameterShapes = Iterable<readonly [name: string, shape: readonly number[]]>;

/** The linear layers and norms of one encoder layer, by their prefixes. */
export interface LayerNames {
  query: string;
  key: string;
  value: string;
  output: string;
  outputNorm: string;
  widen: string;
  narrow: string;
  narrowNorm: string;
}

/** What the parameters of a family are called in its `...ForSequenceClassification` of `transformers`. */
export interface EncoderNames {
  /** Before all names but the head's: checkpoints of the bare encoder are written without it. */
  prefix: string;
  /** The first parts of names that follow the prefix. */
  parts: readonly string[];
  word: string;
  position: string;
  type: string;
  embeddingNorm: string;
  layer(index: number): LayerNames;
  /** The linear layer over the first token, which a bare encoder may lack. */
  dense: string;
  /** The linear layer that gives the logits. */
  classifier: string;
  /** `architectures` of a classifier. */
  architecture: string;
}

const bertLayer = (prefix: string): LayerNames => ({
  query: `${prefix}.attention.self.query`,
  key: `${prefix}.attention.self.key`,
  value: `${prefix}.attention.self.value`,
  output: `${prefix}.attention.output.dense`,
  outputNorm: `${prefix}.attention.output.LayerNorm`,
  widen: `${prefix}.intermediate.dense`,
  narrow: `${prefix}.output.dense`,
  narrowNorm: `${prefix}.output.LayerNorm`,
});

const distilbertLayer = (prefix: string): LayerNames => ({
  query: `${prefix}.attention.q_lin`,
  key: `${prefix}.attention.k_lin`,
  value: `${prefix}.attention.v_lin`,
  output: `${prefix}.attention.out_lin`,
  outputNorm: `${prefix}.sa_layer_norm`,
  widen: `${prefix}.ffn.lin1`,
  narrow: `${prefix}.ffn.lin2`,
  narrowNorm: `${prefix}.output_layer_norm`,
});

function embeddings(prefix: string): Pick<EncoderNames, "word" | "position" | "type" | "embeddingNorm"> {
  return {
    word: `${prefix}embeddings.word_embeddings.weight`,
    position: `${prefix}embeddings.position_embeddings.weight`,
    type: `${prefix}embeddings.token_type_embeddings.weight`,
    embeddingNorm: `${prefix}embeddings.LayerNorm`,
  };
}

/** By family. */
export const encoderNames: Readonly<Record<EncoderFamily, EncoderNames>> = {
  bert: {
    prefix: "bert.",
    parts: ["embeddings", "encoder", "pooler"],
    ...embeddings("bert."),
    layer: (index) => bertLayer(`bert.encoder.layer.${index}`),
    dense: "bert.pooler.dense",
    classifier: "classifier",
    architecture: "BertForSequenceClassification",
  },
  distilbert: {
    prefix: "distilbert.",
    parts: ["embeddings", "transformer"],
    ...embeddings("distilbert."),
    layer: (index) => distilbertLayer(`distilbert.transformer.layer.${index}`),
    dense: "pre_classifier",
    classifier: "classifier",
    architecture: "DistilBertForSequenceClassification",
  },
  roberta: {
    prefix: "roberta.",
    parts: ["embeddings", "encoder"],
    ...embeddings("roberta."),
    layer: (index) => bertLayer(`roberta.encoder.layer.${index}`),
    dense: "classifier.dense",
    classifier: "classifier.out_proj",
    architecture: "RobertaForSequenceClassification",
  },
};

/** Every parameter but the classifier's, in the order of `transformers`; one at a time, so that who compares can stop. */
export function* encoderShapes(config: EncoderConfig): Generator<readonly [string, readonly number[]]> {
  const { family, hiddenSize: hidden, intermediateSize: intermediate } = config;
  const names = encoderNames[family];
  yield [names.word, [config.vocabSize, hidden]];
  yield [names.position, [config.maxPositions + config.positionOffset, hidden]];
  if (config.typeVocabSize > 0) yield [names.type, [config.typeVocabSize, hidden]];
  yield* norm(names.embeddingNorm, hidden);
  for (let index = 0; index < config.layers; index++) {
    const layer = names.layer(index);
    for (const part of [layer.query, layer.key, layer.value]) yield* linear(part, hidden, hidden);
    yield* linear(layer.output, hidden, hidden);
    yield* norm(layer.outputNorm, hidden);
    yield* linear(layer.widen, hidden, intermediate);
    yield* linear(layer.narrow, intermediate, hidden);
    yield* norm(layer.narrowNorm, hidden);
  }
  yield* linear(names.dense, hidden, hidden);
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

/** The linear layer that gives the logits. */
export function classifierShapes(config: EncoderConfig, classes: number): ParameterShapes {
  return linear(encoderNames[config.family].classifier, config.hiddenSize, classes);
}

/** Every parameter of the model with its head, as optimizers tell them apart. */
export function namedShapes(config: EncoderConfig, classes: number): { name: string; shape: readonly number[] }[] {
  return [...encoderShapes(config), ...classifierShapes(config, classes)].map(([name, shape]) => ({ name, shape }));
}

/** How many numbers the shapes hold together. */
export function parameterCount(shapes: ParameterShapes): number {
  let count = 0;
  for (const [, shape] of shapes) count += shape.reduce((product, size) => product * size, 1);
  return count;
}

/**
 * The name that a checkpoint's tensor has in the classifier: bare encoders are written without the family's prefix, and the first BERT
 * checkpoints call the norm's gain and bias `gamma` and `beta`.
 */
function canonicalName(name: string, { prefix, parts }: EncoderNames): string {
  const modern = name.replace(/LayerNorm\.gamma$/, "LayerNorm.weight").replace(/LayerNorm\.beta$/, "LayerNorm.bias");
  return parts.some((part) => modern.startsWith(`${part}.`)) ? `${prefix}${modern}` : modern;
}

/**
 * Matches a file's tensors with the parameters of the model. Tensors that the model does not use (`position_ids`, a masked-language head)
 * are left out. The layer before the classifier may be missing as a whole: `transformers` starts a new one then, and so does the engine.
 * @returns the file's tensors by parameter name, and a fault for each that is missing, misshapen or of another type
 */
export function matchParameters(
  config: EncoderConfig,
  tensors: ReadonlyMap<string, TensorEntry>,
  field: string,
): { matched: Map<string, TensorEntry>; faults: Fault[] } {
  const faults: Fault[] = [];
  const refuse = (reason: string, description: string) => faults.push({ field, reason, description: `model.safetensors: ${description}` });
  const names = encoderNames[config.family];
  const byName = new Map<string, TensorEntry>();
  for (const [name, entry] of tensors) {
    const canonical = canonicalName(name, names);
    if (byName.has(canonical)) refuse("AMBIGUOUS_TENSOR", `two tensors stand for ${describeValue(canonical)}`);
    byName.set(canonical, entry);
    if (faults.length >= maxFaults) return { matched: new Map(), faults };
  }
  const dense = [`${names.dense}.weight`, `${names.dense}.bias`];
  const withoutDense = !dense.some((name) => byName.has(name));
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
    if (!(withoutDense && dense.includes(name))) take(name, shape);
    // A configuration of another model fits nowhere: the first faults say so, the rest would only be listed.
    if (faults.length >= maxFaults) return { matched, faults };
  }
  const classes = byName.get(`${names.classifier}.bias`)?.shape[0];
  if (classes !== undefined) for (const [name, shape] of classifierShapes(config, classes)) take(name, shape);
  return { matched, faults };
}

/** Faults of one file that are told one by one. */
const maxFaults = 50;
