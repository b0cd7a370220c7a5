import { describe, expect, it } from "vitest";
import { expectedSeconds, type TimeInput } from "./expectedSeconds.js";
import { miniLmConfig } from "./testing/miniLmConfig.js";

const config = miniLmConfig;
const all = [{ name: "bert.embeddings.word_embeddings.weight", shape: [22_700_000] }];
const dense = 22_700_000 - 384 * (512 + 30_522);
const input: TimeInput = {
  spec: { task: "classification", epochs: 1, evaluateEvery: 0 },
  config,
  parameters: 22_700_000,
  trained: all,
  optimizer: { besideGradient: 0 },
  steps: { taken: 100, planned: 100 },
  tokens: { train: 100 * 1024, validation: 0 },
};
const seconds = (change: Partial<TimeInput> = {}) => expectedSeconds({ ...input, ...change });
/** What the products take. */
const computing = (change: Partial<TimeInput> = {}) => seconds(change) - seconds({ ...change, tokens: { train: 0, validation: 0 } });

describe("the expected time of a job", () => {
  it("counts six operations for each weight and token of a whole fine-tuning, and two for each that is evaluated", () => {
    expect(computing()).toBeCloseTo((6 * dense * 102_400) / 150e9, 6);
    expect(computing({ tokens: { train: 0, validation: 102_400 } })).toBeCloseTo((2 * dense * 102_400) / 150e9, 6);
  });

  it("grows by a third where activations are computed again, and doubles where a step takes two gradients", () => {
    expect(computing({ spec: { ...input.spec, recomputeActivations: true } }) / computing()).toBeCloseTo(4 / 3, 6);
    expect(computing({ optimizer: { besideGradient: 1 } }) / computing()).toBeCloseTo(2, 6);
  });

  it("is less for an adapter, less still where only the head is trained, and less in bfloat16", () => {
    const adapter = { trained: [{ name: "bert.encoder.layer.0.attention.self.query.lora_A.weight", shape: [8, 384] }] };
    const head = { trained: [{ name: "classifier.weight", shape: [2, 384] }] };
    expect(computing(adapter) / computing()).toBeCloseTo(2 / 3, 2);
    expect(computing(head) / computing()).toBeCloseTo(1 / 3, 2);
    expect(seconds(head)).toBeLessThan(seconds(adapter));
    expect(computing({ spec: { ...input.spec, precision: "bfloat16" } })).toBeLessThan(computing());
  });

  it("counts the table of words where it is the head too", () => {
    const decoder = {
      ...{ family: "gpt2" as const, vocabSize: 30_522, hiddenSize: 384, layers: 6, heads: 12, kvHeads: 12, headSize: 32 },
      ...{ intermediateSize: 1536, maxPositions: 512, normEpsilon: 1e-5, activation: "gelu_tanh" as const, rotary: undefined },
      ...{ biases: { queryKeyValue: true, output: true, network: true }, tied: true, initializerRange: 0.02 },
      ...{ embeddingDropout: 0.1, hiddenDropout: 0.1, attentionDropout: 0.1, endTokens: [], padToken: undefined },
    };
    const causal: Partial<TimeInput> = { config: decoder, spec: { ...input.spec, task: "causal_lm" } };
    expect(computing(causal) / computing({ config: decoder })).toBeGreaterThan(2);
  });
});
