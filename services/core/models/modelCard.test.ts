import { describe, expect, it } from "vitest";
import { wilsonInterval } from "../statistics/wilson.js";
import { type ModelProvenance, renderModelCard } from "./modelCard.js";

const provenance: ModelProvenance = {
  spec: {
    task: "classification",
    model: "all-MiniLM-L6-v2",
    dataset: { id: "reviews", trainSplit: "train", validationFraction: 0.1, splitSeed: 3 },
    optimizer: { name: "adamw", hyperparameters: { learning_rate: 5e-5, weight_decay: 0.01 } },
    schedule: { name: "linear" },
    maxGradNorm: 1,
    epochs: 3,
    batchSize: 32,
    microBatchTokens: 4096,
    maxLength: 128,
    seed: 7,
    onNan: "FAIL",
  },
  plan: {
    totalSteps: 30,
    stepsPerEpoch: 10,
    warmupSteps: 2,
    trainRows: 320,
    validationRows: 40,
    tokens: 1,
    peakMemoryBytes: 1,
    expectedSeconds: 1,
    parameters: 1,
  },
  dataset: { id: "reviews", digest: "ab".repeat(32) },
  weightsDigest: "cd".repeat(32),
  validation: { accuracy: wilsonInterval(36, 40, 0.95) },
  skippedSteps: 0,
  environment: { tensorflow: "2.21.0", threads: "2" },
};

describe("a model card", () => {
  it("says where the model comes from and how sure its metrics are", () => {
    const card = renderModelCard(provenance);
    for (const line of [
      'base_model: "all-MiniLM-L6-v2"',
      "pipeline_tag: text-classification",
      "| method | all weights |",
      `| data set | reviews, SHA-256 ${"ab".repeat(32)} |`,
      "| rows | 320 to train, 40 to validate (split train, 0.1 of it cut off with seed 3) |",
      "| optimizer | adamw: learning\\_rate 0.00005, weight\\_decay 0.01 |",
      "| seed | 7 |",
      "| accuracy | 0.9000, 95% interval 0.7695 to 0.9604 (wilson) |",
      "| tensorflow | 2.21.0 |",
    ])
      expect(card.split("\n")).toContain(line);
    expect(card).not.toContain("skipped");
  });

  it("keeps names that a caller chose within their cells", () => {
    const model = 'a | b\n# <img src="x">';
    const card = renderModelCard({ ...provenance, spec: { ...provenance.spec, model } });
    expect(card).toContain('| base model | a \\| b \\# \\<img src="x"\\> |');
    expect(card.split("\n").filter((line) => line.startsWith("# "))).toHaveLength(1);
    expect(card).toContain(`base_model: ${JSON.stringify(model)}`);
  });

  it("tells of skipped steps, adapters and metrics without an interval", () => {
    const lora = { rank: 8, alpha: 16, dropout: 0, targets: ["query", "value"], rslora: false };
    const validation = { loss: { estimate: 0.5, level: 0.95, method: "wilson", about: "examples", unavailable: "one example" } } as const;
    const card = renderModelCard({ ...provenance, spec: { ...provenance.spec, lora }, validation, skippedSteps: 2 });
    expect(card).toContain("| method | LoRA: rank 8, alpha 16, dropout 0, targets query value, rslora false |");
    expect(card).toContain("| skipped steps | 2, whose loss or gradient was not finite |");
    expect(card).toContain("| loss | 0.5000 (no interval: one example) |");
  });
});
