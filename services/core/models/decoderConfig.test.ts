import { describe, expect, it } from "vitest";
import { parseModelConfig } from "./modelConfig.js";
import { rotaryFrequencies } from "./rotaryConfig.js";

const gpt2 = { model_type: "gpt2", vocab_size: 50_257, n_embd: 24, n_layer: 2, n_head: 4, n_positions: 64 };
const llama = {
  model_type: "llama",
  vocab_size: 50,
  hidden_size: 24,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  intermediate_size: 40,
  max_position_embeddings: 64,
};
const parsed = (json: object) => parseModelConfig(json, "model").config;
const problems = (json: object) => parseModelConfig(json, "model").faults.map(({ description }) => description);

describe("a decoder's config.json", () => {
  it("is read with transformers' defaults", () => {
    expect(parsed(gpt2)).toMatchObject({
      intermediateSize: 96,
      normEpsilon: 1e-5,
      activation: "gelu_tanh",
      tied: true,
      endTokens: [50_256],
      embeddingDropout: 0.1,
    });
    expect(parsed(llama)).toMatchObject({
      kvHeads: 2,
      headSize: 6,
      normEpsilon: 1e-6,
      tied: false,
      endTokens: [2],
      rotary: { base: 10_000, scaling: { type: "default" } },
      biases: { queryKeyValue: false, output: false, network: false },
    });
    expect(parsed({ ...llama, model_type: "qwen2", eos_token_id: [7, 8] })).toMatchObject({
      endTokens: [7, 8],
      biases: { queryKeyValue: true, output: false, network: false },
    });
  });

  it("may spell its rotary embedding as before transformers 5, or as since", () => {
    const scaling = { factor: 8, low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 32 };
    const expected = {
      base: 500,
      scaling: { type: "llama3", factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalPositions: 32 },
    };
    const before = { ...llama, rope_theta: 500, rope_scaling: { rope_type: "llama3", ...scaling } };
    expect(parsed(before)).toMatchObject({ rotary: expected });
    expect(parsed({ ...llama, rope_parameters: { rope_theta: 500, rope_type: "llama3", ...scaling } })).toMatchObject({ rotary: expected });
    // The first spelling of all.
    expect(parsed({ ...llama, rope_scaling: { type: "linear", factor: 2 } })).toMatchObject({
      rotary: { scaling: { type: "linear", factor: 2 } },
    });
  });

  it("takes the rope_theta beside its rotary settings where they have none, as transformers does", () => {
    const base = (more: object) => {
      const config = parsed({ ...llama, ...more });
      return config && "rotary" in config ? config.rotary?.base : undefined;
    };
    expect(base({ rope_theta: 100, rope_parameters: { rope_type: "default" } })).toBe(100);
    expect(base({ rope_theta: 100, rope_parameters: { rope_type: "default", rope_theta: 7 } })).toBe(7);
    expect(base({ rope_theta: 100, rope_scaling: { type: "linear", factor: 2, rope_theta: 7 } })).toBe(7);
    expect(base({ rope_theta: 100, rope_scaling: {} })).toBe(100);
    expect(base({ rope_parameters: { rope_type: "default" } })).toBe(10_000);
  });

  it("names only tokens that its vocabulary has; an end that nobody named is none where it has none", () => {
    expect(problems({ ...gpt2, eos_token_id: [1, 60_000], pad_token_id: 50_257 })).toEqual([
      "config.json: eos_token_id is [1, 60000]; allowed: a token's id below vocab_size 50257, or a list of them",
      "config.json: pad_token_id is 50257; allowed: a token's id below vocab_size 50257",
    ]);
    expect(problems({ ...llama, eos_token_id: "</s>", pad_token_id: "<pad>" })).toHaveLength(2);
    expect(parsed({ ...llama, pad_token_id: -1 })).toMatchObject({ padToken: undefined });
    expect(parsed({ ...gpt2, vocab_size: 50 })).toMatchObject({ endTokens: [] });
    expect(problems({ ...llama, vocab_size: "many", eos_token_id: 100 })).toHaveLength(1);
  });

  it("is refused when its rotary settings contradict each other, or differ between layers", () => {
    const linear = { rope_type: "linear", factor: 2 };
    expect(parsed({ ...llama, rope_scaling: linear, rope_parameters: { ...linear, rope_theta: 10_000 } })).toMatchObject({
      rotary: { base: 10_000, scaling: { type: "linear", factor: 2 } },
    });
    expect(problems({ ...llama, rope_scaling: linear, rope_parameters: { ...linear, rope_theta: 500 } })).toEqual([
      'config.json: rope_parameters is {"rope_type":"linear","factor":2,"rope_theta":500} and rope_scaling is {"rope_type":"linear","factor":2}, which say different things; leave one of them out',
    ]);
    expect(problems({ ...llama, rope_parameters: { full_attention: linear } })).toEqual([
      "config.json: rope_parameters.full_attention is an object; allowed: one setting for all layers",
    ]);
    const llama3 = { rope_type: "llama3", factor: 8, low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 32 };
    expect(problems({ ...llama, original_max_position_embeddings: 16, rope_scaling: llama3 })).toEqual([
      "config.json: original_max_position_embeddings is 16, and in rope_scaling it is 32; leave one of them out",
    ]);
  });

  it("is refused by name for everything that would be computed differently, all at once", () => {
    expect(
      problems({
        ...llama,
        hidden_act: "gelu",
        use_sliding_window: true,
        rope_scaling: { rope_type: "yarn", factor: 4 },
        quantization_config: { bits: 4 },
      }),
    ).toEqual([
      "config.json: quantization_config is set; allowed: weights as they are, F32, F16 or BF16",
      'config.json: hidden_act is "gelu"; allowed: "silu"',
      "config.json: use_sliding_window is true; allowed: false (every token attends to all before it)",
      'config.json: rope_scaling.rope_type is "yarn"; allowed: "default", "linear", "llama3"',
    ]);
    expect(problems({ ...gpt2, scale_attn_by_inverse_layer_idx: true, activation_function: "relu" })).toEqual([
      'config.json: activation_function is "relu"; allowed: "gelu_new", "gelu_pytorch_tanh", "gelu"',
      "config.json: scale_attn_by_inverse_layer_idx is true; allowed: false",
    ]);
  });

  it("is refused when its heads do not fit", () => {
    expect(problems({ ...gpt2, n_head: 5 })).toEqual(["config.json: n_embd is 24, which n_head (5) does not divide"]);
    expect(problems({ ...llama, num_key_value_heads: 3 })).toEqual([
      "config.json: num_attention_heads is 4, which num_key_value_heads (3) does not divide",
    ]);
    expect(problems({ ...llama, head_dim: 7 })).toEqual(["config.json: head_dim is 7; allowed: an even number"]);
    const scaling = { rope_type: "llama3", factor: 0.5, low_freq_factor: 4, high_freq_factor: 4 };
    expect(problems({ ...llama, rope_scaling: scaling })).toEqual([
      "config.json: rope_scaling.factor is 0.5; allowed: from 1 to below 1000000",
      "config.json: rope_scaling.original_max_position_embeddings is not set; allowed: a whole number from 1 to 2147483648",
      "config.json: rope_scaling.low_freq_factor is 4; allowed: below high_freq_factor, which is 4",
    ]);
    expect(problems({ ...llama, rope_scaling: { rope_type: "linear" } })).toEqual([
      "config.json: rope_scaling.factor is not set; allowed: from 1 to below 1000000",
    ]);
    expect(problems({ ...llama, rope_scaling: { rope_type: "llama3" } })).toHaveLength(4);
  });
});

describe("rotary frequencies", () => {
  it("fall from one turn in 2 pi positions to nearly one in 2 pi times the base", () => {
    const frequencies = rotaryFrequencies({ base: 10_000, scaling: { type: "default" } }, 4);
    expect(Array.from(frequencies)).toEqual([1, Math.fround(0.01)]);
    expect(Array.from(rotaryFrequencies({ base: 10_000, scaling: { type: "linear", factor: 4 } }, 4))).toEqual([0.25, Math.fround(0.0025)]);
  });

  it("of Llama 3 are stretched where a pair turns less than once, left alone above four turns, and between them in between", () => {
    const scaling = { type: "llama3", factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalPositions: 64 } as const;
    const plain = rotaryFrequencies({ base: 10_000, scaling: { type: "default" } }, 16);
    const stretched = rotaryFrequencies({ base: 10_000, scaling }, 16);
    const turns = Array.from(plain, (frequency) => (64 * frequency) / (2 * Math.PI));
    const ratios = Array.from(plain, (frequency, pair) => frequency / (stretched[pair] as number));
    turns.forEach((turn, pair) => {
      if (turn > 4) expect(ratios[pair]).toBe(1);
      else if (turn < 1) expect(ratios[pair]).toBeCloseTo(8, 5);
      else expect(ratios[pair]).toBeGreaterThan(1);
    });
    expect(turns.some((turn) => turn > 1 && turn < 4)).toBe(true);
  });
});
