import { type ConfigReader, greatest } from "./configReader.js";
import { describeValue } from "./describeValue.js";
import { readRotaryConfig, type RotaryConfig } from "./rotaryConfig.js";

/** `model_type` of the decoders that the engine computes. */
export type DecoderFamily = "gpt2" | "llama" | "qwen2";

/** The part of a Hugging Face `config.json` that a decoder is computed from. */
export interface DecoderConfig {
  family: DecoderFamily;
  vocabSize: number;
  hiddenSize: number;
  layers: number;
  heads: number;
  /** Heads of keys and values; each is read by `heads / kvHeads` heads of queries. */
  kvHeads: number;
  /** Numbers in a head; `heads * headSize` need not be `hiddenSize`. */
  headSize: number;
  intermediateSize: number;
  /** Tokens that a text may have. */
  maxPositions: number;
  normEpsilon: number;
  /** Of the network in each layer: gate and up with SiLU, or one layer with GELU, by erf or tanh. */
  activation: "swiglu" | "gelu" | "gelu_tanh";
  /** `undefined`: positions have a table of their own. */
  rotary: RotaryConfig | undefined;
  /** Which linear layers have a bias. */
  biases: { queryKeyValue: boolean; output: boolean; network: boolean };
  /** Whether the head that gives the next token's logits is the embedding table. */
  tied: boolean;
  /** Standard deviation of new weights. */
  initializerRange: number;
  embeddingDropout: number;
  hiddenDropout: number;
  attentionDropout: number;
  /** The tokens that end a text, if any is named. */
  endTokens: readonly number[];
  padToken: number | undefined;
}

/** Whether a `model_type` is one of the decoders'. */
export function isDecoderFamily(type: unknown): type is DecoderFamily {
  return typeof type === "string" && Object.hasOwn(readers, type);
}

const readers: Readonly<Record<DecoderFamily, (reader: ConfigReader) => DecoderConfig>> = {
  gpt2: readGpt2,
  llama: (reader) => readLlama("llama", reader),
  qwen2: (reader) => readLlama("qwen2", reader),
};

export const decoderFamilies: readonly string[] = Object.keys(readers);

/** Reads a decoder's settings; what is wrong with them is among the reader's faults. */
export function readDecoderConfig(reader: ConfigReader, family: DecoderFamily): DecoderConfig {
  reader.only("add_cross_attention", [false], "a decoder without an encoder");
  return readers[family](reader);
}

function readGpt2(reader: ConfigReader): DecoderConfig {
  reader.only("activation_function", ["gelu_new", "gelu_pytorch_tanh", "gelu"]);
  reader.only("scale_attn_weights", [true]);
  reader.only("scale_attn_by_inverse_layer_idx", [false]);
  const hiddenSize = reader.whole("n_embd", greatest.hidden, 768);
  const heads = reader.whole("n_head", greatest.heads, 12);
  if (reader.faults.length === 0 && hiddenSize % heads !== 0)
    reader.refuse("INVALID", `n_embd is ${hiddenSize}, which n_head (${heads}) does not divide`);
  const vocabSize = reader.whole("vocab_size", greatest.vocabulary, 50_257);
  return {
    family: "gpt2",
    vocabSize,
    hiddenSize,
    layers: reader.whole("n_layer", greatest.layers, 12),
    heads,
    kvHeads: heads,
    headSize: hiddenSize / heads,
    intermediateSize: reader.whole("n_inner", greatest.intermediate, 4 * hiddenSize),
    maxPositions: reader.whole("n_positions", greatest.positions, 1024),
    normEpsilon: reader.within("layer_norm_epsilon", 1e-5, 0, 1),
    activation: reader.get("activation_function") === "gelu" ? "gelu" : "gelu_tanh",
    rotary: undefined,
    biases: { queryKeyValue: true, output: true, network: true },
    tied: reader.flag("tie_word_embeddings", true),
    initializerRange: reader.within("initializer_range", 0.02, 0, 10),
    embeddingDropout: reader.within("embd_pdrop", 0.1, 0, 1),
    hiddenDropout: reader.within("resid_pdrop", 0.1, 0, 1),
    attentionDropout: reader.within("attn_pdrop", 0.1, 0, 1),
    ...specialTokens(reader, vocabSize, 50_256),
  };
}

function readLlama(family: "llama" | "qwen2", reader: ConfigReader): DecoderConfig {
  reader.only("hidden_act", ["silu"]);
  reader.only("use_sliding_window", [false], "every token attends to all before it");
  const kinds = reader.get("layer_types");
  if (Array.isArray(kinds) && kinds.some((kind) => kind !== "full_attention"))
    reader.refuse("UNSUPPORTED", `layer_types is ${describeValue(kinds)}; allowed: "full_attention" for every layer`);
  const hiddenSize = reader.whole("hidden_size", greatest.hidden);
  const heads = reader.whole("num_attention_heads", greatest.heads);
  const kvHeads = reader.whole("num_key_value_heads", greatest.heads, heads);
  if (reader.faults.length === 0 && heads % kvHeads !== 0)
    reader.refuse("INVALID", `num_attention_heads is ${heads}, which num_key_value_heads (${kvHeads}) does not divide`);
  const given = reader.get("head_dim") !== undefined;
  if (!given && reader.faults.length === 0 && hiddenSize % heads !== 0)
    reader.refuse("INVALID", `hidden_size is ${hiddenSize}, which num_attention_heads (${heads}) does not divide`);
  const headSize = given ? reader.whole("head_dim", greatest.hidden) : hiddenSize / heads;
  if (reader.faults.length === 0 && headSize % 2 !== 0)
    reader.refuse("INVALID", `${given ? "head_dim" : "hidden_size / num_attention_heads"} is ${headSize}; allowed: an even number`);
  const vocabSize = reader.whole("vocab_size", greatest.vocabulary);
  const everywhere = family === "llama" && reader.flag("attention_bias", false);
  return {
    family,
    vocabSize,
    hiddenSize,
    layers: reader.whole("num_hidden_layers", greatest.layers),
    heads,
    kvHeads,
    headSize,
    intermediateSize: reader.whole("intermediate_size", greatest.intermediate),
    maxPositions: reader.whole("max_position_embeddings", greatest.positions),
    normEpsilon: reader.within("rms_norm_eps", 1e-6, 0, 1),
    activation: "swiglu",
    rotary: readRotaryConfig(reader),
    biases: {
      queryKeyValue: family === "qwen2" || everywhere,
      output: everywhere,
      network: family === "llama" && reader.flag("mlp_bias", false),
    },
    tied: reader.flag("tie_word_embeddings", false),
    initializerRange: reader.within("initializer_range", 0.02, 0, 10),
    embeddingDropout: 0,
    hiddenDropout: 0,
    attentionDropout: reader.within("attention_dropout", 0, 0, 1),
    ...specialTokens(reader, vocabSize, family === "llama" ? 2 : undefined),
  };
}

/** @param ending the token that `transformers` takes for the end when none is named; a vocabulary without it has no end */
function specialTokens(reader: ConfigReader, vocabSize: number, ending: number | undefined): Pick<DecoderConfig, "endTokens" | "padToken"> {
  const isId = (id: unknown): id is number => Number.isSafeInteger(id) && Number(id) >= 0;
  // What a vocabulary of an unknown size does not hold cannot be said.
  const most = (reader.get("vocab_size") ?? vocabSize) === vocabSize ? vocabSize : greatest.vocabulary;
  const isToken = (id: unknown): id is number => isId(id) && id < most;
  const named = reader.get("eos_token_id");
  const given = named ?? (ending !== undefined && ending < most ? ending : undefined);
  const ends: readonly unknown[] = Array.isArray(given) ? given : given === undefined ? [] : [given];
  const below = `below vocab_size ${most}`;
  if (!ends.every(isToken))
    reader.refuse("INVALID", `eos_token_id is ${describeValue(given)}; allowed: a token's id ${below}, or a list of them`);
  const pad = reader.get("pad_token_id");
  // Below 0 there is none, as in the first Llamas.
  const hasPad = pad !== undefined && !(Number.isSafeInteger(pad) && Number(pad) < 0);
  if (hasPad && !isToken(pad)) reader.refuse("INVALID", `pad_token_id is ${describeValue(pad)}; allowed: a token's id ${below}`);
  return { endTokens: ends.filter(isToken), padToken: isToken(pad) ? pad : undefined };
}
