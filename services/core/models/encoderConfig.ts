import { type ConfigReader, greatest } from "./configReader.js";
import { describeValue } from "./describeValue.js";

/** `model_type` of the encoders that the engine computes. */
export type EncoderFamily = "bert" | "distilbert" | "roberta";

/** The part of a Hugging Face `config.json` that an encoder is computed from. */
export interface EncoderConfig {
  family: EncoderFamily;
  vocabSize: number;
  hiddenSize: number;
  layers: number;
  heads: number;
  intermediateSize: number;
  /** Tokens that a text may have. */
  maxPositions: number;
  /** Rows of the position table before that of the first token: RoBERTa's begin after the padding's. */
  positionOffset: number;
  /** 0: the model tells no types apart. */
  typeVocabSize: number;
  layerNormEpsilon: number;
  /** Standard deviation of new weights. */
  initializerRange: number;
  hiddenDropout: number;
  attentionDropout: number;
  /** In the head; the model's own value, or `hiddenDropout`. */
  classifierDropout: number;
}

/** How a family calls its settings, and the values that `transformers` takes for those that are left out. */
interface Spelling {
  hidden: string;
  layers: string;
  heads: string;
  intermediate: string;
  hiddenDropout: string;
  attentionDropout: string;
  classifierDropout: string;
  activation: string;
  defaultEpsilon: number;
  /** `null`: as the hidden dropout. */
  defaultClassifierDropout: number | null;
  defaultTypes: number;
}

const bert: Spelling = {
  hidden: "hidden_size",
  layers: "num_hidden_layers",
  heads: "num_attention_heads",
  intermediate: "intermediate_size",
  hiddenDropout: "hidden_dropout_prob",
  attentionDropout: "attention_probs_dropout_prob",
  classifierDropout: "classifier_dropout",
  activation: "hidden_act",
  defaultEpsilon: 1e-12,
  defaultClassifierDropout: null,
  defaultTypes: 2,
};

const spellings: Readonly<Record<EncoderFamily, Spelling>> = {
  bert,
  distilbert: {
    hidden: "dim",
    layers: "n_layers",
    heads: "n_heads",
    intermediate: "hidden_dim",
    hiddenDropout: "dropout",
    attentionDropout: "attention_dropout",
    classifierDropout: "seq_classif_dropout",
    activation: "activation",
    defaultEpsilon: 1e-12,
    defaultClassifierDropout: 0.2,
    defaultTypes: 0,
  },
  roberta: bert,
};

/** Reads an encoder's settings; what is wrong with them is among the reader's faults. */
export function readEncoderConfig(reader: ConfigReader, family: EncoderFamily): EncoderConfig {
  const spelling = spellings[family];
  reader.only(spelling.activation, ["gelu"]);
  reader.only("position_embedding_type", ["absolute"]);
  reader.only("is_decoder", [false], "an encoder");
  reader.only("add_cross_attention", [false], "an encoder");
  const vocabSize = reader.whole("vocab_size", greatest.vocabulary);
  const hiddenSize = reader.whole(spelling.hidden, greatest.hidden);
  const heads = reader.whole(spelling.heads, greatest.heads);
  const positionRows = reader.whole("max_position_embeddings", greatest.positions);
  // RoBERTa counts positions from the padding's id on: its tables have rows for that one and those before it.
  const positionOffset = family === "roberta" ? reader.whole("pad_token_id", greatest.positions, 1, 0) + 1 : 0;
  const pad = reader.get("pad_token_id") ?? 0;
  const isWhole = Number.isSafeInteger(pad);
  // RoBERTa's was read above.
  const isToken = isWhole ? Number(pad) < vocabSize : family === "roberta";
  if (reader.get("vocab_size") === vocabSize && !isToken)
    reader.refuse("INVALID", `pad_token_id is ${describeValue(pad)}; allowed: a token's id below vocab_size ${vocabSize}`);
  const hiddenDropout = reader.within(spelling.hiddenDropout, 0.1, 0, 1);
  const config: EncoderConfig = {
    family,
    vocabSize,
    hiddenSize,
    layers: reader.whole(spelling.layers, greatest.layers),
    heads,
    intermediateSize: reader.whole(spelling.intermediate, greatest.intermediate),
    maxPositions: positionRows - positionOffset,
    positionOffset,
    typeVocabSize: spelling.defaultTypes === 0 ? 0 : reader.whole("type_vocab_size", greatest.types, spelling.defaultTypes),
    layerNormEpsilon: family === "distilbert" ? spelling.defaultEpsilon : reader.within("layer_norm_eps", spelling.defaultEpsilon, 0, 1),
    initializerRange: reader.within("initializer_range", 0.02, 0, 10),
    hiddenDropout,
    attentionDropout: reader.within(spelling.attentionDropout, 0.1, 0, 1),
    classifierDropout: reader.within(spelling.classifierDropout, spelling.defaultClassifierDropout ?? hiddenDropout, 0, 1),
  };
  if (reader.faults.length === 0 && hiddenSize % heads !== 0)
    reader.refuse("INVALID", `${spelling.hidden} is ${hiddenSize}, which ${spelling.heads} (${heads}) does not divide`);
  if (reader.faults.length === 0 && config.maxPositions < 1)
    reader.refuse(
      "INVALID",
      `max_position_embeddings is ${positionRows}, which leaves no position after pad_token_id ${positionOffset - 1}`,
    );
  return config;
}

/** Whether a `model_type` is one of the encoders'. */
export function isEncoderFamily(type: unknown): type is EncoderFamily {
  return typeof type === "string" && Object.hasOwn(spellings, type);
}

export const encoderFamilies: readonly string[] = Object.keys(spellings);
