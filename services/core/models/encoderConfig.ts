import type { Fault } from "../fault.js";
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

/**
 * Reads `config.json`. What the engine would compute differently from `transformers` is refused by name.
 * @param json the parsed file
 * @param field the path that faults are reported under
 * @returns the configuration when there is no fault, and all faults otherwise
 */
export function parseEncoderConfig(json: unknown, field: string): { config?: EncoderConfig; faults: Fault[] } {
  const faults: Fault[] = [];
  const refuse = (reason: string, description: string) => faults.push({ field, reason, description: `config.json: ${description}` });
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    refuse("INVALID", "is not a JSON object");
    return { faults };
  }
  const values = new Map<string, unknown>(Object.entries(json));
  const family = familyOf(values.get("model_type"));
  if (!family) {
    const type = values.get("model_type");
    refuse("UNSUPPORTED", `model_type is ${type === undefined ? "not set" : describeValue(type)}; allowed: ${families}`);
    return { faults };
  }
  const spelling = spellings[family];
  for (const [key, allowed] of [
    [spelling.activation, "gelu"],
    ["position_embedding_type", "absolute"],
  ] as const) {
    const value = values.get(key);
    if (value !== undefined && value !== null && value !== allowed)
      refuse("UNSUPPORTED", `${key} is ${describeValue(value)}; allowed: ${describeValue(allowed)}`);
  }
  for (const key of ["is_decoder", "add_cross_attention"])
    if (values.get(key) === true) refuse("UNSUPPORTED", `${key} is true; allowed: false (an encoder)`);

  const whole = (key: string, most: number, fallback?: number, least = 1): number => {
    const value = values.get(key) ?? fallback;
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most) return value;
    refuse("INVALID", `${key} is ${describeValue(value)}; allowed: a whole number from ${least} to ${most}`);
    return least;
  };
  const within = (key: string, fallback: number, low: number, below: number): number => {
    const value = values.get(key) ?? fallback;
    if (typeof value === "number" && value >= low && value < below) return value;
    refuse("INVALID", `${key} is ${describeValue(value)}; allowed: from ${low} to below ${below}`);
    return fallback;
  };

  const vocabSize = whole("vocab_size", greatest.vocabulary);
  const hiddenSize = whole(spelling.hidden, greatest.hidden);
  const heads = whole(spelling.heads, greatest.heads);
  const positionRows = whole("max_position_embeddings", greatest.positions);
  // RoBERTa counts positions from the padding's id on: its tables have rows for that one and those before it.
  const positionOffset = family === "roberta" ? whole("pad_token_id", greatest.positions, 1, 0) + 1 : 0;
  const hiddenDropout = within(spelling.hiddenDropout, 0.1, 0, 1);
  const config: EncoderConfig = {
    family,
    vocabSize,
    hiddenSize,
    layers: whole(spelling.layers, greatest.layers),
    heads,
    intermediateSize: whole(spelling.intermediate, greatest.intermediate),
    maxPositions: positionRows - positionOffset,
    positionOffset,
    typeVocabSize: spelling.defaultTypes === 0 ? 0 : whole("type_vocab_size", greatest.types, spelling.defaultTypes),
    layerNormEpsilon: family === "distilbert" ? spelling.defaultEpsilon : within("layer_norm_eps", spelling.defaultEpsilon, 0, 1),
    initializerRange: within("initializer_range", 0.02, 0, 10),
    hiddenDropout,
    attentionDropout: within(spelling.attentionDropout, 0.1, 0, 1),
    classifierDropout: within(spelling.classifierDropout, spelling.defaultClassifierDropout ?? hiddenDropout, 0, 1),
  };
  if (faults.length === 0 && hiddenSize % heads !== 0)
    refuse("INVALID", `${spelling.hidden} is ${hiddenSize}, which ${spelling.heads} (${heads}) does not divide`);
  if (faults.length === 0 && config.maxPositions < 1)
    refuse("INVALID", `max_position_embeddings is ${positionRows}, which leaves no position after pad_token_id ${positionOffset - 1}`);
  return faults.length === 0 ? { config, faults } : { faults };
}

function familyOf(type: unknown): EncoderFamily | undefined {
  return typeof type === "string" && Object.hasOwn(spellings, type) ? (type as EncoderFamily) : undefined;
}

const families = Object.keys(spellings)
  .map((name) => `"${name}"`)
  .join(", ");

/** Far above every encoder there is, and small enough that nothing which is sized by them can be asked for by mistake. */
const greatest = {
  vocabulary: 4_194_304,
  hidden: 32_768,
  layers: 512,
  heads: 1024,
  intermediate: 131_072,
  positions: 1_048_576,
  types: 1024,
} as const;
