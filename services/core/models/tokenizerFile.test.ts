import { describe, expect, it } from "vitest";
import { checkTokenizer, checkTokenizerConfig } from "./tokenizerFile.js";

type Json = Record<string, unknown>;

const limits = { vocabSize: 8, typeVocabSize: 2, framed: true };
const special = (id: string, type = 0) => ({ SpecialToken: { id, type_id: type } });
const text = (id: string, type = 0) => ({ Sequence: { id, type_id: type } });
const wordPiece = {
  type: "WordPiece",
  unk_token: "[UNK]",
  continuing_subword_prefix: "##",
  vocab: { "[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, film: 4, "##s": 5 },
};
const good = {
  version: "1.0",
  truncation: null,
  added_tokens: [
    { id: 2, content: "[CLS]", special: true },
    { id: 6, content: "[NEW]", special: false, normalized: false },
  ],
  normalizer: { type: "BertNormalizer", lowercase: true, strip_accents: null },
  pre_tokenizer: { type: "BertPreTokenizer" },
  post_processor: {
    type: "TemplateProcessing",
    single: [special("[CLS]"), text("A"), special("[SEP]")],
    pair: [special("[CLS]"), text("A"), special("[SEP]"), text("B", 1), special("[SEP]", 1)],
    special_tokens: { "[CLS]": { id: "[CLS]", ids: [2], tokens: ["[CLS]"] } },
  },
  model: wordPiece,
};
const unigram = {
  type: "Unigram",
  unk_id: 1,
  vocab: [
    ["[CLS]", 0],
    ["<unk>", 0],
    ["[SEP]", 0],
    ["▁a", -1.5],
  ],
};
const bpe = { type: "BPE", unk_token: null, vocab: { "[CLS]": 0, "[SEP]": 1, a: 2, b: 3, ab: 4 }, merges: ["a b"] };

const problems = (json: unknown, at = limits) => checkTokenizer(json, at, "model").map(({ description }) => description);
const withModel = (change: Json): Json => ({ ...good, model: { ...wordPiece, ...change } });
const withTemplate = (change: Json): Json => ({ ...good, post_processor: { ...good.post_processor, ...change } });

describe("a tokenizer.json", () => {
  it("is taken as BERT's, XLM-R's and a byte-level model's are", () => {
    expect(problems(good)).toEqual([]);
    const bare = { model: unigram, post_processor: { type: "RobertaProcessing", cls: ["[CLS]", 0], sep: ["[SEP]", 2] } };
    expect(problems(bare)).toEqual([]);
    const normalizer = {
      type: "Sequence",
      normalizers: [{ type: "Precompiled" }, { type: "Replace", pattern: { Regex: " {2,}" }, content: " " }],
    };
    const pre_tokenizer = { type: "Sequence", pretokenizers: [{ type: "WhitespaceSplit" }, { type: "Metaspace", replacement: "▁" }] };
    expect(problems({ ...bare, normalizer, pre_tokenizer })).toEqual([]);
    const processors = [{ type: "ByteLevel" }, { type: "BertProcessing", cls: ["[CLS]", 0], sep: ["[SEP]", 1] }];
    const byteLevel = { pre_tokenizer: { type: "ByteLevel" }, post_processor: { type: "Sequence", processors } };
    expect(problems({ ...byteLevel, model: bpe })).toEqual([]);
    expect(problems({ ...byteLevel, model: { ...bpe, merges: [["a", "b"]], byte_fallback: true, unk_token: "a" } })).toEqual([]);
    const vocab = { "[CLS]": 0, "[SEP]": 1, "a@": 2, b: 3 };
    expect(problems({ ...byteLevel, model: { ...bpe, vocab, continuing_subword_suffix: "@" } })).toEqual([]);
  });

  it.each<[string, unknown, RegExp]>([
    ["null", null, /is not a JSON object/],
    ["a list", [], /is not a JSON object/],
    ["empty", {}, /model is not set; allowed: an object/],
    ["of an unknown model", withModel({ type: "WordLevel" }), /model.type is "WordLevel"; allowed: WordPiece, BPE, Unigram/],
    ["of no model type", withModel({ type: undefined }), /model.type is not set/],
    ["without a vocabulary", withModel({ vocab: null }), /model.vocab is null; allowed: an object of tokens/],
    ["with an empty vocabulary", withModel({ vocab: {} }), /model.vocab holds no token/],
    ["with text for an id", withModel({ vocab: { a: "1" } }), /token "a" has the id "1"; allowed: a whole number/],
    ["with a negative id", withModel({ vocab: { a: -1 } }), /has the id -1;/],
    ["with an id beyond the embedding", withModel({ vocab: { ...wordPiece.vocab, far: 8 } }), /"far" has the id 8; .*below vocab_size 8/],
    ["with an id that is a billion", withModel({ vocab: { ...wordPiece.vocab, far: 1e9 } }), /"far" has the id 1000000000;/],
    ["with one id twice", withModel({ vocab: { ...wordPiece.vocab, twin: 4 } }), /"film" and "twin" have the same id 4/],
    ["without its unknown token", withModel({ unk_token: "<unk>" }), /unk_token is "<unk>", which the vocabulary does not hold/],
    ["without any unknown token", withModel({ unk_token: undefined }), /unk_token is not set; allowed: a token/],
    ["without a prefix of parts of words", withModel({ continuing_subword_prefix: undefined }), /continuing_subword_prefix is not set/],
    ["with words of any length", withModel({ max_input_chars_per_word: 1e9 }), /max_input_chars_per_word is 1000000000; .* to 1000/],
    ["with added tokens that are no list", { ...good, added_tokens: { 0: "x" } }, /added_tokens is an object; allowed: a list/],
    ["with an added token without content", { ...good, added_tokens: [{ id: 1 }] }, /added_tokens\[0\] has the content not set/],
    ["with an added token beyond the embedding", { ...good, added_tokens: [{ id: 8, content: "x" }] }, /"x" has the id 8/],
    [
      "with an added token that has another's id",
      { ...good, added_tokens: [{ id: 4, content: "x" }] },
      /the id 4, which is that of "film"/,
    ],
    ["with an added token of two ids", { ...good, added_tokens: [{ id: 7, content: "film" }] }, /the id 7; it has 4 already/],
    ["with an unknown normalizer", { ...good, normalizer: { type: "Nmt" } }, /normalizer.type is "Nmt"; allowed: BertNormalizer,/],
    ["with a normalizer that every object has", { ...good, normalizer: { type: "toString" } }, /normalizer.type is "toString"/],
    [
      "with a switch that is text",
      { ...good, normalizer: { type: "BertNormalizer", lowercase: "yes" } },
      /normalizer.lowercase is "yes"; allowed: true/,
    ],
    ["with a pattern that is text", { ...good, normalizer: { type: "Replace", pattern: "x", content: "" } }, /normalizer.pattern is "x"/],
    [
      "with an endless pre-tokenizer",
      { ...good, pre_tokenizer: { type: "FixedLength", length: 0 } },
      /pre_tokenizer.length is 0; allowed: .* from 1/,
    ],
    [
      "with very many parts",
      { ...good, pre_tokenizer: { type: "Sequence", pretokenizers: Array(1e5).fill({ type: "Whitespace" }) } },
      /pretokenizers\[63\] is one of too many parts; allowed: 64/,
    ],
    [
      "without special tokens",
      { ...good, post_processor: null },
      /post_processor is null, which puts no special token such as \[CLS\] first/,
    ],
    [
      "with special tokens that are not there",
      withTemplate({ single: [special("<s>"), text("A")] }),
      /adds the token "<s>", which the vocabulary does not hold/,
    ],
    [
      "with a template without its text",
      withTemplate({ single: [special("[CLS]")] }),
      /single takes in the texts \[\]; allowed: each of \["A"\] once/,
    ],
    [
      "with a template for a pair without a second text",
      withTemplate({ pair: [special("[CLS]"), text("A")] }),
      /pair takes in the texts \["A"\]/,
    ],
    [
      "with a text first",
      withTemplate({ single: [text("A"), special("[CLS]")] }),
      /single\[0\] is a text; a special token such as \[CLS\] has to be first/,
    ],
    [
      "with a type beyond the embedding",
      withTemplate({ single: [special("[CLS]", 2), text("A")] }),
      /type_id is 2; .*below type_vocab_size 2/,
    ],
    ["with a template that is text", withTemplate({ single: "[CLS] $A [SEP]" }), /single is "\[CLS\] \$A \[SEP\]"; allowed: a list/],
    [
      "with another id for a special token",
      withTemplate({ special_tokens: { "[CLS]": { id: "[CLS]", ids: [4] } } }),
      /gives the token "\[CLS\]" the ids \[4\]; the vocabulary gives it 2/,
    ],
    ["of pieces without scores", { ...good, model: { ...unigram, vocab: ["a"] } }, /model.vocab\[0\] is "a"; allowed: \[token, score\]/],
    [
      "of more pieces than the embedding has",
      { ...good, model: { ...unigram, vocab: Array.from({ length: 9 }, (_, id) => [`${id}`, 0]) } },
      /has the id 8/,
    ],
    ["of pieces without an unknown one", { ...good, model: { ...unigram, unk_id: 99 } }, /model.unk_id is 99/],
    [
      "with merges that are no pairs",
      { ...good, model: { ...bpe, merges: ["a b", "ab"] } },
      /model.merges\[1\] is "ab"; allowed: "left right"/,
    ],
    [
      "with merges of tokens that the vocabulary lacks",
      { ...good, model: { ...bpe, merges: ["a b", "ab b", "c a"] } },
      /model.merges\[1\] is \["ab", "b"\], and the vocabulary does not hold "abb"; so it is with 1 more/,
    ],
    [
      "with a fallback to bytes that are not there",
      { ...good, model: { ...bpe, byte_fallback: true } },
      /model.byte_fallback is true, and the vocabulary holds 0 of the 256 tokens of bytes: "<0x00>" is missing/,
    ],
    ["with dropout", { ...good, model: { ...bpe, dropout: 0.1 } }, /model.dropout is 0.1; allowed: null/],
  ])("is refused when it is %s", (_, json, message) => {
    const found = problems(json);
    expect(found.join("\n")).toMatch(message);
    expect(found.length).toBeLessThanOrEqual(20);
    for (const problem of found) expect(problem).toMatch(/^tokenizer\.json: .{1,300}$/);
  });

  it("tells several faults at once, and not thousands", () => {
    const broken = { ...good, normalizer: 1, pre_tokenizer: 2, post_processor: 3 };
    expect(problems(broken)).toHaveLength(3);
    expect(problems({ ...good, added_tokens: Array(10_000).fill(1) })).toHaveLength(20);
  });
});

describe("a tokenizer_config.json", () => {
  it("is checked as far as it is read", () => {
    expect(checkTokenizerConfig({ do_lower_case: true, model_max_length: 1e30, additional_special_tokens: null }, "model")).toEqual([]);
    expect(checkTokenizerConfig(null, "model")).toHaveLength(1);
    expect(
      checkTokenizerConfig({ additional_special_tokens: "x", remove_space: 1 }, "model").map(({ description }) => description),
    ).toEqual([
      "tokenizer_config.json: remove_space is 1; allowed: true or false",
      'tokenizer_config.json: additional_special_tokens is "x"; allowed: a list',
    ]);
  });
});
