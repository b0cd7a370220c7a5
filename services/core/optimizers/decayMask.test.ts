import { describe, expect, test } from "vitest";
import { isDecayed } from "./decayMask.js";

describe("isDecayed", () => {
  test.each([
    "embeddings.word_embeddings.weight",
    "encoder.layer.0.attention.self.query.weight",
    "classifier.weight",
    "model.layers.0.mlp.up_proj.weight",
  ])("decays %s", (name) => expect(isDecayed(name, [4, 4])).toBe(true));
  test.each([
    "encoder.layer.0.attention.self.query.bias",
    "encoder.layer.0.attention.output.LayerNorm.weight",
    "distilbert.transformer.layer.0.sa_layer_norm.weight",
    "model.layers.0.input_layernorm.weight",
    "model.norm.weight",
    "transformer.h.0.ln_1.weight",
    "ln_f.weight",
  ])("leaves %s alone", (name) => expect(isDecayed(name, [4])).toBe(false));
  test("leaves scalars alone", () => expect(isDecayed("logit_scale", [])).toBe(false));
});
