import { describe, expect, it } from "vitest";
import { targetedLayers, targetsOf, trainedShapes } from "./adapter.js";
import { type ModelConfig, parseModelConfig } from "./modelConfig.js";

function configOf(type: string): ModelConfig {
  const { config } = parseModelConfig(
    {
      model_type: type,
      vocab_size: 100,
      hidden_size: 32,
      num_hidden_layers: 1,
      num_attention_heads: 4,
      intermediate_size: 64,
      max_position_embeddings: 64,
      pad_token_id: 1,
    },
    "model",
  );
  if (!config) throw new Error("the configuration is refused");
  return config;
}

describe("the parameters that an adapter's training moves", () => {
  const lora = { rank: 2, targets: ["query"] };
  const classes = { task: "classification" as const, classes: 3 };
  const named = (config: ModelConfig, created: string[] = []) => trainedShapes(config, classes, lora, created).map(({ name }) => name);

  it("are those of its layers, and all of a head that has a layer of its own, as peft saves RoBERTa's", () => {
    const query = "roberta.encoder.layer.0.attention.self.query";
    expect(trainedShapes(configOf("roberta"), classes, lora, [])).toEqual([
      { name: `${query}.lora_A.weight`, shape: [2, 32] },
      { name: `${query}.lora_B.weight`, shape: [32, 2] },
      { name: "classifier.dense.weight", shape: [32, 32] },
      { name: "classifier.dense.bias", shape: [32] },
      { name: "classifier.out_proj.weight", shape: [3, 32] },
      { name: "classifier.out_proj.bias", shape: [3] },
    ]);
  });

  it("leave the layer before BERT's classifier as it was, unless the checkpoint had none", () => {
    const pooler = ["bert.pooler.dense.weight", "bert.pooler.dense.bias"];
    expect(named(configOf("bert"))).not.toContain(pooler[0]);
    expect(named(configOf("bert"), pooler)).toEqual(expect.arrayContaining(pooler));
  });
});

describe("the layers that carry an adapter", () => {
  it("are those of the family when none are named", () => {
    const config = configOf("bert");
    expect(targetsOf(config, { targets: [] })).toEqual(["query", "value"]);
    expect(targetedLayers(config, { targets: [] }, "targets")).toEqual(targetedLayers(config, { targets: ["query", "value"] }, "targets"));
    expect(targetedLayers(config, { targets: [] }, "targets").layers).toHaveLength(2);
  });
});
