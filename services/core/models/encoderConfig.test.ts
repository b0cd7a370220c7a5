import { describe, expect, it } from "vitest";
import { parseModelConfig } from "./modelConfig.js";

const good = {
  model_type: "bert",
  vocab_size: 100,
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  intermediate_size: 64,
  max_position_embeddings: 64,
};

describe("an encoder's config.json", () => {
  it("is read with transformers' defaults", () => {
    const { config, faults } = parseModelConfig({ ...good, classifier_dropout: null, hidden_dropout_prob: 0.2 }, "model");
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
    const { config, faults } = parseModelConfig(
      { ...good, hidden_act: "relu", position_embedding_type: "relative_key", is_decoder: true, hidden_size: 0 },
      "model",
    );
    expect(config).toBeUndefined();
    expect(faults.map(({ description }) => description)).toEqual([
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
    expect(parseModelConfig({ ...good, [key]: value }, "model").faults.map(({ description }) => description)).toEqual([
      `config.json: ${key} is ${value}; allowed: a whole number from 1 to ${most}`,
    ]);
  });

  it.each([
    ["t5", 'model_type is "t5"'],
    [undefined, "model_type is not set"],
    ["constructor", 'model_type is "constructor"'],
  ])("of another family is refused by it alone: %j", (type, problem) => {
    const { faults } = parseModelConfig({ ...good, model_type: type, hidden_size: 0 }, "model");
    expect(faults.map(({ description }) => description)).toEqual([
      `config.json: ${problem}; allowed: "bert", "distilbert", "roberta", "gpt2", "llama", "qwen2"`,
    ]);
  });

  it("never quotes more than a few words of a value", () => {
    const nested = JSON.parse("[".repeat(5000) + "]".repeat(5000)) as unknown;
    for (const value of ["x".repeat(1e6), nested, Array(1e5).fill(1), { a: nested }])
      for (const { description } of parseModelConfig({ ...good, model_type: value, hidden_size: value }, "model").faults)
        expect(description.length).toBeLessThan(200);
  });

  it("is refused when the heads do not divide the width", () => {
    expect(parseModelConfig({ ...good, num_attention_heads: 5 }, "model").faults[0]?.description).toContain(
      "which num_attention_heads (5) does not divide",
    );
  });

  it("of DistilBERT has its own spelling and defaults, and no types", () => {
    const distilbert = {
      model_type: "distilbert",
      vocab_size: 9,
      dim: 8,
      n_layers: 3,
      n_heads: 2,
      hidden_dim: 16,
      max_position_embeddings: 7,
    };
    expect(parseModelConfig(distilbert, "model")).toEqual({
      faults: [],
      config: {
        family: "distilbert",
        vocabSize: 9,
        hiddenSize: 8,
        layers: 3,
        heads: 2,
        intermediateSize: 16,
        maxPositions: 7,
        positionOffset: 0,
        typeVocabSize: 0,
        layerNormEpsilon: 1e-12,
        initializerRange: 0.02,
        hiddenDropout: 0.1,
        attentionDropout: 0.1,
        classifierDropout: 0.2,
      },
    });
    expect(parseModelConfig({ ...distilbert, activation: "relu", dim: -1 }, "model").faults.map(({ description }) => description)).toEqual([
      'config.json: activation is "relu"; allowed: "gelu"',
      "config.json: dim is -1; allowed: a whole number from 1 to 32768",
    ]);
  });

  it("names a padding that the vocabulary has", () => {
    const { faults } = parseModelConfig({ ...good, pad_token_id: good.vocab_size }, "model");
    expect(faults.map(({ description }) => description)).toEqual([
      `config.json: pad_token_id is ${good.vocab_size}; allowed: a token's id below vocab_size ${good.vocab_size}`,
    ]);
  });

  it("of RoBERTa begins its positions after the padding's", () => {
    const roberta = { ...good, model_type: "roberta", max_position_embeddings: 514, pad_token_id: 1, type_vocab_size: 1 };
    expect(parseModelConfig(roberta, "model").config).toMatchObject({ maxPositions: 512, positionOffset: 2, typeVocabSize: 1 });
    expect(parseModelConfig({ ...roberta, max_position_embeddings: 2 }, "model").faults[0]?.description).toBe(
      "config.json: max_position_embeddings is 2, which leaves no position after pad_token_id 1",
    );
  });

  it.each([null, [], "bert", 3])("is refused when it is %j", (json) => {
    expect(parseModelConfig(json, "model").faults[0]?.description).toBe("config.json: is not a JSON object");
  });
});
