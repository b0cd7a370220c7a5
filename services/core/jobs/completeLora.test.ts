import { describe, expect, it } from "vitest";
import type { Fault } from "../fault.js";
import { targetedLayers } from "../models/adapter.js";
import { type ModelConfig, parseModelConfig } from "../models/modelConfig.js";
import { completeLora, type LoraDraft } from "./completeLora.js";

const bert = parseModelConfig(
  {
    ...{ model_type: "bert", vocab_size: 100, hidden_size: 32, num_hidden_layers: 1, num_attention_heads: 4, intermediate_size: 64 },
    max_position_embeddings: 64,
  },
  "model",
).config as ModelConfig;

/** What is said without the model, and with it. */
function problems(draft: LoraDraft): string[] {
  const faults: Fault[] = [];
  const { targets } = completeLora(draft, (_field, value, _rule, fallback) => value ?? fallback, faults);
  return [...faults, ...targetedLayers(bert, { targets }, "training_job.lora.targets").faults].map(
    ({ field, description }) => `${field.replace("training_job.lora.", "")} ${description}`,
  );
}

describe("an adapter's settings", () => {
  it("name each target that is at fault once", () => {
    expect(problems({ targets: [""] })).toEqual([
      'targets[0] "" is no name; allowed: the end of a layer\'s name, of at most 200 characters',
    ]);
    expect(problems({ targets: ["all-linear", "query"] })).toEqual([
      'targets[0] "all-linear" stands alone, for every linear layer; leave it or the others out',
    ]);
    expect(problems({ targets: ["query", "keys"] })).toEqual([expect.stringMatching(/^targets\[1\] "keys" names no linear layer/)]);
    expect(problems({ targets: ["all-linear"] })).toEqual([]);
  });

  it("are refused when float32 multiplies the adapter by 0", () => {
    expect(problems({ alpha: 1e-320 })).toEqual([
      "alpha 1e-320 is so little that the adapter is multiplied by 0 in float32; allowed: at least 1.2e-38 times the rank",
    ]);
    expect(problems({ alpha: 2e-38, rank: 2 })).toHaveLength(1);
    expect(problems({ alpha: 2e-38, rank: 1 })).toEqual([]);
  });
});
