import { describe, expect, it } from "vitest";
import { contradictingTensors } from "./contradictingTensors.js";
import { type ModelConfig, parseModelConfig } from "./modelConfig.js";
import { bodyShapes } from "./modelParameters.js";

const encoder = {
  vocab_size: 50,
  hidden_size: 8,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 8,
  max_position_embeddings: 16,
};
const parsed = (json: object) => parseModelConfig(json, "model").config as ModelConfig;
const bert = parsed({ ...encoder, model_type: "bert" });
const roberta = parsed({ ...encoder, model_type: "roberta", pad_token_id: 1 });
const gpt2 = parsed({ model_type: "gpt2", vocab_size: 50, n_embd: 8, n_layer: 2, n_head: 2, n_positions: 16, eos_token_id: 1 });
const llama = parsed({ ...encoder, model_type: "llama" });

const problemsOf = (config: ModelConfig, more: readonly string[]) => {
  const known = new Set([...bodyShapes(config)].map(([name]) => name));
  return contradictingTensors(config, [...known, ...more], known).map(({ problem }) => problem);
};

describe("tensors that the configuration has no place for", () => {
  it("are layers beyond the last, told once, and weights that its layers do not have", () => {
    expect(problemsOf(bert, ["bert.encoder.layer.2.output.dense.weight", "bert.encoder.layer.11.output.dense.bias"])).toEqual([
      '2 tensors are of layers beyond the 2 of config.json, such as "bert.encoder.layer.2.output.dense.weight"',
    ]);
    expect(problemsOf(llama, ["model.layers.0.self_attn.q_proj.bias", "model.layers.1.self_attn.q_norm.weight", "lm_head.bias"])).toEqual([
      'tensor "model.layers.0.self_attn.q_proj.bias" has no place in the model that config.json describes',
      'tensor "model.layers.1.self_attn.q_norm.weight" has no place in the model that config.json describes',
      'tensor "lm_head.bias" has no place in the model that config.json describes',
    ]);
    expect(problemsOf(gpt2, ["transformer.h.2.ln_1.weight", "score.bias"])).toHaveLength(2);
    expect(problemsOf(bert, ["bert.encoder.layer.0.attention.self.distance_embedding.weight"])).toHaveLength(1);
  });

  it("are not heads of pretraining, poolers and buffers, which every hub has", () => {
    expect(
      problemsOf(bert, ["bert.embeddings.position_ids", "cls.predictions.bias", "cls.seq_relationship.weight", "qa_outputs.weight"]),
    ).toEqual([]);
    expect(
      problemsOf(roberta, ["roberta.pooler.dense.weight", "roberta.pooler.dense.bias", "lm_head.bias", "lm_head.dense.weight"]),
    ).toEqual([]);
    expect(
      problemsOf(gpt2, ["transformer.h.0.attn.bias", "transformer.h.1.attn.masked_bias", "multiple_choice_head.summary.weight"]),
    ).toEqual([]);
    expect(problemsOf(llama, ["model.layers.0.self_attn.rotary_emb.inv_freq", "model.rotary_emb.inv_freq"])).toEqual([]);
  });
});
