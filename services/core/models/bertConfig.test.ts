import { describe, expect, it } from "vitest";
import { parseBertConfig } from "./bertConfig.js";

const good = {
  model_type: "bert",
  vocab_size: 100,
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  intermediate_size: 64,
  max_position_embeddings: 64,
};

describe("a BERT config.json", () => {
  it("is read with transformers' defaults", () => {
    const { config, faults } = parseBertConfig({ ...good, classifier_dropout: null, hidden_dropout_prob: 0.2 }, "model");
    expect(faults).toEqual([]);
    expect(config).toMatchObject({
      typeVocabSize: 2,
      layerNormEpsilon: 1e-12,
      attentionDropout: 0.1,
      hiddenDropout: 0.2,
      classifierDropout: 0.2,
    });
  });

  it("is refused by name for everything that would be computed differently, all at once", () => {
    const { config, faults } = parseBertConfig(
      { ...good, model_type: "roberta", hidden_act: "relu", position_embedding_type: "relative_key", is_decoder: true, hidden_size: 0 },
      "model",
    );
    expect(config).toBeUndefined();
    expect(faults.map(({ description }) => description)).toEqual([
      'config.json: model_type is "roberta"; allowed: "bert"',
      'config.json: hidden_act is "relu"; allowed: "gelu"',
      'config.json: position_embedding_type is "relative_key"; allowed: "absolute"',
      "config.json: is_decoder is true; allowed: false (an encoder)",
      "config.json: hidden_size is 0; allowed: a whole number from 1 to 32768",
    ]);
  });

  it.each([
    ["vocab_size", 1e12, "4194304"],
    ["hidden_size", 1e9, "32768"],
    ["num_hidden_layers", 1e9, "512"],
    ["num_attention_heads", 1e9, "1024"],
    ["intermediate_size", 1e300, "131072"],
    ["max_position_embeddings", 2 ** 31, "1048576"],
    ["type_vocab_size", 1e6, "1024"],
  ])("is refused when %s is %d, with what is allowed", (key, value, most) => {
    expect(parseBertConfig({ ...good, [key]: value }, "model").faults.map(({ description }) => description)).toEqual([
      `config.json: ${key} is ${value}; allowed: a whole number from 1 to ${most}`,
    ]);
  });

  it("never quotes more than a few words of a value", () => {
    const nested = JSON.parse("[".repeat(5000) + "]".repeat(5000)) as unknown;
    for (const value of ["x".repeat(1e6), nested, Array(1e5).fill(1), { a: nested }])
      for (const { description } of parseBertConfig({ ...good, model_type: value, hidden_size: value }, "model").faults)
        expect(description.length).toBeLessThan(200);
  });

  it("is refused when the heads do not divide the width", () => {
    expect(parseBertConfig({ ...good, num_attention_heads: 5 }, "model").faults[0]?.description).toContain(
      "which num_attention_heads (5) does not divide",
    );
  });

  it.each([null, [], "bert", 3])("is refused when it is %j", (json) => {
    expect(parseBertConfig(json, "model").faults[0]?.description).toBe("config.json: is not a JSON object");
  });
});
