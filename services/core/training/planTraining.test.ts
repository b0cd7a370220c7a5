import { describe, expect, it } from "vitest";
import type { TrainingSpec } from "../jobs/trainingJob.js";
import { validateOptimizer } from "../optimizers/validateOptimizer.js";
import { namedShapes } from "../models/modelParameters.js";
import { parameterCount } from "../models/parameterShapes.js";
import { planTraining } from "./planTraining.js";
import { miniLmConfig } from "./testing/miniLmConfig.js";

const spec: TrainingSpec = {
  task: "classification",
  model: "m",
  dataset: { id: "d", trainSplit: "train", splitSeed: 0 },
  optimizer: validateOptimizer({ name: "adamw" }, "optimizer").selection,
  schedule: { name: "linear", warmupRatio: 0.1 },
  maxGradNorm: 1,
  batchSize: 32,
  microBatchTokens: 4096,
  maxLength: 128,
  seed: 0,
  onNan: "FAIL",
};
const rest = {
  trainRows: 1000,
  validationRows: 100,
  tokenLengths: [
    { atMost: 8, rows: 500 },
    { atMost: 16, rows: 500 },
  ],
  head: { task: "classification" as const, classes: 2 },
};

const config = miniLmConfig;

describe("a training plan", () => {
  it("counts steps as transformers does: part epochs are rounded up, warm-up too", () => {
    expect(planTraining({ spec: { ...spec, epochs: 2.5 }, ...rest })).toMatchObject({ stepsPerEpoch: 32, totalSteps: 80, warmupSteps: 8 });
    expect(planTraining({ spec: { ...spec, epochs: 0.01 }, ...rest })).toMatchObject({ totalSteps: 1, warmupSteps: 1 });
    expect(planTraining({ spec: { ...spec, maxSteps: 7 }, ...rest })).toMatchObject({ totalSteps: 7 });
  });

  it("estimates tokens from the lengths, none above the maximum", () => {
    expect(planTraining({ spec: { ...spec, epochs: 1 }, ...rest }).tokens).toBe(Math.round(1000 * (4.5 + 12.5) * 0.5));
    expect(planTraining({ spec: { ...spec, epochs: 1, maxLength: 10 }, ...rest }).tokens).toBe(Math.round(1000 * (4.5 + 10) * 0.5));
  });

  it("estimates more memory for longer micro-batches, and nothing without a model", () => {
    const plan = (batchSize: number) =>
      planTraining({ spec: { ...spec, epochs: 1, batchSize }, ...rest, model: { parameters: 22_713_216, config, created: [] } });
    expect(plan(32).parameters).toBe(22_713_216 + 2 * 385);
    expect(plan(256).peakMemoryBytes).toBeGreaterThan(plan(32).peakMemoryBytes);
    expect(planTraining({ spec: { ...spec, epochs: 1 }, ...rest }).peakMemoryBytes).toBe(0);
    // Two numbers for each parameter less than AdamW, at four bytes.
    const sgd = {
      ...spec,
      epochs: 1,
      optimizer: validateOptimizer({ name: "sgd", hyperparameters: { momentum: 0 } }, "optimizer").selection,
    };
    const { peakMemoryBytes, parameters } = planTraining({ spec: sgd, ...rest, model: { parameters: 22_713_216, config, created: [] } });
    expect(parameters).toBe(plan(32).parameters);
    expect(plan(32).peakMemoryBytes - peakMemoryBytes).toBe(
      2 * 4 * parameterCount(namedShapes(config, { task: "classification" as const, classes: 2 }).map(({ name, shape }) => [name, shape])),
    );
  });

  it("counts the longest row where it is longer than a micro-batch: it is one of its own", () => {
    const lengths = (atMost: number) => [
      { atMost: 8, rows: 0 },
      { atMost, rows: 1000 },
      { atMost: 512, rows: 0 },
    ];
    const memory = (microBatchTokens: number, atMost: number, maxLength = 512) =>
      planTraining({
        ...{ spec: { ...spec, epochs: 1, microBatchTokens, maxLength }, ...rest, tokenLengths: lengths(atMost) },
        model: { parameters: 22_713_216, config, created: [] },
      }).peakMemoryBytes;
    expect(memory(32, 256)).toBe(memory(256, 256));
    expect(memory(32, 256)).toBeGreaterThan(memory(32, 128));
    expect(memory(32, 128)).toBeGreaterThan(memory(32, 16));
    // Rows end where the job cuts them.
    expect(memory(32, 256, 128)).toBe(memory(128, 256, 128));
  });

  it.each([
    ["apart from the table of words", false],
    ["the table of words", true],
  ])("counts the tables that are there while parts of the gradient of a language head are added; the head is %s", (_what, tied) => {
    const decoder = {
      ...{
        family: "llama" as const,
        vocabSize: 64_000,
        hiddenSize: 64,
        layers: 2,
        heads: 2,
        kvHeads: 2,
        headSize: 32,
        intermediateSize: 128,
      },
      ...{ maxPositions: 4096, normEpsilon: 1e-6, activation: "swiglu" as const, tied, initializerRange: 0.02 },
      rotary: { base: 10_000, scaling: { type: "default" as const } },
      biases: { queryKeyValue: false, output: false, network: false },
      ...{ embeddingDropout: 0, hiddenDropout: 0, attentionDropout: 0, endTokens: [1], padToken: undefined },
    };
    const table = decoder.vocabSize * decoder.hiddenSize;
    const memory = (rows: number, microBatchTokens: number) =>
      planTraining({
        spec: { ...spec, task: "causal_lm", epochs: 1, batchSize: rows, microBatchTokens },
        ...{ ...rest, validationRows: 0, head: { task: "causal_lm" } },
        tokenLengths: [
          { atMost: 15, rows: 0 },
          { atMost: 16, rows: 1000 },
        ],
        model: { parameters: 2 * table, config: decoder, created: [] },
      }).peakMemoryBytes;
    // Of the words' table the rows that the second micro-batch looks up.
    const rows = tied ? 0 : 16 * decoder.hiddenSize;
    expect(memory(2, 16) - memory(1, 16)).toBe(4 * ((tied ? 1 : 2) * table + rows));
    // 262 rows of logits are there at a time. A second part takes two more tables, of which a tied head has taken one; and the rest its tokens.
    const more = memory(18, 4096) - memory(16, 4096);
    expect(more).toBeGreaterThan(4 * (tied ? 1 : 1.9) * table);
    expect(more).toBeLessThan(4 * (tied ? 1.4 : 2.4) * table);
  });
});
