import type { Fault } from "../fault.js";
import { describeValue } from "./describeValue.js";

/** The part of a Hugging Face `config.json` that a BERT encoder is computed from. */
export interface BertConfig {
  vocabSize: number;
  hiddenSize: number;
  layers: number;
  heads: number;
  intermediateSize: number;
  maxPositions: number;
  typeVocabSize: number;
  layerNormEpsilon: number;
  /** Standard deviation of new weights. */
  initializerRange: number;
  hiddenDropout: number;
  attentionDropout: number;
  /** Before the classifier; the model's own value, or `hiddenDropout`. */
  classifierDropout: number;
}

/**
 * Reads `config.json`. What the engine would compute differently from `transformers` is refused by name.
 * @param json the parsed file
 * @param field the path that faults are reported under
 * @returns the configuration when there is no fault, and all faults otherwise
 */
export function parseBertConfig(json: unknown, field: string): { config?: BertConfig; faults: Fault[] } {
  const faults: Fault[] = [];
  const refuse = (reason: string, description: string) => faults.push({ field, reason, description: `config.json: ${description}` });
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    refuse("INVALID", "is not a JSON object");
    return { faults };
  }
  const values = new Map<string, unknown>(Object.entries(json));

  for (const [key, allowed] of Object.entries(onlyAllowed)) {
    const value = values.get(key);
    if (value !== undefined && value !== null && value !== allowed)
      refuse("UNSUPPORTED", `${key} is ${describeValue(value)}; allowed: ${describeValue(allowed)}`);
  }
  if (!values.has("model_type")) refuse("UNSUPPORTED", `model_type is not set; allowed: "bert"`);
  for (const key of ["is_decoder", "add_cross_attention"])
    if (values.get(key) === true) refuse("UNSUPPORTED", `${key} is true; allowed: false (an encoder)`);

  const whole = (key: keyof typeof greatest, fallback?: number): number => {
    const value = values.get(key) ?? fallback;
    if (typeof value === "number" && Number.isSafeInteger(value) && value > 0 && value <= greatest[key]) return value;
    refuse("INVALID", `${key} is ${describeValue(value)}; allowed: a whole number from 1 to ${greatest[key]}`);
    return 1;
  };
  const within = (key: string, fallback: number, low: number, below: number): number => {
    const value = values.get(key) ?? fallback;
    if (typeof value === "number" && value >= low && value < below) return value;
    refuse("INVALID", `${key} is ${describeValue(value)}; allowed: from ${low} to below ${below}`);
    return fallback;
  };

  const config: BertConfig = {
    vocabSize: whole("vocab_size"),
    hiddenSize: whole("hidden_size"),
    layers: whole("num_hidden_layers"),
    heads: whole("num_attention_heads"),
    intermediateSize: whole("intermediate_size"),
    maxPositions: whole("max_position_embeddings"),
    typeVocabSize: whole("type_vocab_size", 2),
    layerNormEpsilon: within("layer_norm_eps", 1e-12, 0, 1),
    initializerRange: within("initializer_range", 0.02, 0, 10),
    hiddenDropout: within("hidden_dropout_prob", 0.1, 0, 1),
    attentionDropout: within("attention_probs_dropout_prob", 0.1, 0, 1),
    classifierDropout: 0,
  };
  config.classifierDropout = within("classifier_dropout", config.hiddenDropout, 0, 1);
  if (faults.length === 0 && config.hiddenSize % config.heads !== 0)
    refuse("INVALID", `hidden_size is ${config.hiddenSize}, which num_attention_heads (${config.heads}) does not divide`);
  return faults.length === 0 ? { config, faults } : { faults };
}

/** Far above every encoder there is, and small enough that nothing which is sized by them can be asked for by mistake. */
const greatest = {
  vocab_size: 4_194_304,
  hidden_size: 32_768,
  num_hidden_layers: 512,
  num_attention_heads: 1024,
  intermediate_size: 131_072,
  max_position_embeddings: 1_048_576,
  type_vocab_size: 1024,
} as const;

const onlyAllowed = {
  model_type: "bert",
  hidden_act: "gelu",
  position_embedding_type: "absolute",
} as const;
