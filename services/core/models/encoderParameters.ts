import type { EncoderConfig, EncoderFamily } from "./encoderConfig.js";

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
  /** Before a layer's number in its names. */
  layers: string;
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
    layers: "bert.encoder.layer.",
    layer: (index) => bertLayer(`bert.encoder.layer.${index}`),
    dense: "bert.pooler.dense",
    classifier: "classifier",
    architecture: "BertForSequenceClassification",
  },
  distilbert: {
    prefix: "distilbert.",
    parts: ["embeddings", "transformer"],
    ...embeddings("distilbert."),
    layers: "distilbert.transformer.layer.",
    layer: (index) => distilbertLayer(`distilbert.transformer.layer.${index}`),
    dense: "pre_classifier",
    classifier: "classifier",
    architecture: "DistilBertForSequenceClassification",
  },
  roberta: {
    prefix: "roberta.",
    parts: ["embeddings", "encoder"],
    ...embeddings("roberta."),
    layers: "roberta.encoder.layer.",
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
