import { parseModelConfig } from "#core/models/modelConfig.js";
import { bodyShapes, headShapes } from "#core/models/modelParameters.js";

/** Of a model with a thousand numbers. */
export const config = {
  model_type: "bert",
  vocab_size: 12,
  hidden_size: 4,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  intermediate_size: 8,
  max_position_embeddings: 16,
  type_vocab_size: 2,
};
const special = (id: string, type_id = 0) => ({ SpecialToken: { id, type_id } });
const text = (id: string, type_id = 0) => ({ Sequence: { id, type_id } });
/** As BERT's. */
export const tokenizer = {
  version: "1.0",
  added_tokens: [
    { id: 0, content: "[PAD]", special: true },
    { id: 11, content: "New", special: false, normalized: true },
  ],
  normalizer: {
    type: "Sequence",
    normalizers: [
      { type: "BertNormalizer", lowercase: true },
      { type: "Replace", pattern: { Regex: "a+" }, content: "a" },
    ],
  },
  pre_tokenizer: {
    type: "Sequence",
    pretokenizers: [{ type: "BertPreTokenizer" }, { type: "Split", pattern: { String: "-" }, behavior: "Isolated" }],
  },
  post_processor: {
    type: "TemplateProcessing",
    single: [special("[CLS]"), text("A"), special("[SEP]")],
    pair: [special("[CLS]"), text("A"), special("[SEP]"), text("B", 1), special("[SEP]", 1)],
    special_tokens: { "[CLS]": { id: "[CLS]", ids: [2] } },
  },
  decoder: { type: "WordPiece" },
  model: {
    type: "WordPiece",
    unk_token: "[UNK]",
    continuing_subword_prefix: "##",
    max_input_chars_per_word: 100,
    vocab: { "[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, a: 4, film: 5, "##s": 6, "-": 7 },
  },
};
/** As XLM-R's. */
export const unigram = {
  added_tokens: [{ id: 0, content: "<s>", special: true }],
  normalizer: {
    type: "Sequence",
    normalizers: [{ type: "Precompiled" }, { type: "Strip", strip_left: true, strip_right: false }, { type: "NFKC" }],
  },
  pre_tokenizer: { type: "Metaspace", replacement: "▁", prepend_scheme: "always" },
  post_processor: { type: "RobertaProcessing", cls: ["<s>", 0], sep: ["</s>", 2] },
  model: {
    type: "Unigram",
    unk_id: 3,
    vocab: [
      ["<s>", 0],
      ["<pad>", 0],
      ["</s>", 0],
      ["<unk>", 0],
      ["▁", -2],
      ["a", -3],
      ["▁film", -4.5],
    ],
  },
};
/** As a byte-level BPE's. */
export const bpe = {
  added_tokens: [],
  pre_tokenizer: {
    type: "Sequence",
    pretokenizers: [
      { type: "Digits", individual_digits: true },
      { type: "ByteLevel", add_prefix_space: true },
    ],
  },
  post_processor: {
    type: "Sequence",
    processors: [{ type: "ByteLevel" }, { type: "BertProcessing", cls: ["[CLS]", 0], sep: ["[SEP]", 1] }],
  },
  model: {
    type: "BPE",
    unk_token: "[UNK]",
    byte_fallback: false,
    vocab: { "[CLS]": 0, "[SEP]": 1, "[UNK]": 2, f: 3, i: 4, fi: 5 },
    merges: ["f i"],
  },
};
export const tokenizerConfig = { do_lower_case: true, additional_special_tokens: ["[NEW]"], model_max_length: 16 };

/** A valid safetensors file; `change` may spoil its header. */
export function weights(change: (header: Record<string, unknown>) => unknown = (header) => header): Buffer {
  const parsed = parseModelConfig(config, "model").config;
  if (parsed === undefined) throw new Error("the configuration of this test is valid");
  const header: Record<string, unknown> = { __metadata__: { format: "pt" } };
  let at = 0;
  for (const [name, shape] of [...bodyShapes(parsed), ...headShapes(parsed, { task: "classification", classes: 2 })]) {
    const bytes = 4 * shape.reduce((product, size) => product * size, 1);
    header[name] = { dtype: "F32", shape, data_offsets: [at, at + bytes] };
    at += bytes;
  }
  const values = Float32Array.from({ length: at / 4 }, (_, index) => Math.sin(index) / 10);
  const json = Buffer.from(JSON.stringify(change(header)) ?? "");
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([prefix, json, Buffer.from(values.buffer)]);
}
