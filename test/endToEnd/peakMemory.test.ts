import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TrainingJobInput } from "@stepwire/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestStack, type TestStack } from "../support/localStack.js";

// What a plan says of memory, beside what the runner took.

let stack: TestStack;
let dataset = "";

beforeAll(async () => {
  stack = await startTestStack();
  const words = ["good", "film", "bad", "story", "the", "and", "of", "a"];
  const rows = Array.from({ length: 100 }, (_, row) => {
    const text = Array.from({ length: 200 }, (__, index) => words[(index * 7 + row) % words.length]).join(" ");
    return JSON.stringify({ text, label: row % 2 === 0 ? "a" : "b" });
  });
  const path = join(stack.folder, "long.jsonl");
  await writeFile(path, rows.join("\n"));
  dataset = (await stack.stepwire.datasets.import({ columns: { text: "text", label: "label" }, files: [{ split: "train", path }] })).id;
});
afterAll(() => stack.close());

describe("the memory that a job's plan says", () => {
  it.each<[string, TrainingJobInput]>([
    ["all weights", { batchSize: 16, maxLength: 64 }],
    ["many tokens at a time", { batchSize: 24, maxLength: 128 }],
    ["activations computed again", { batchSize: 24, maxLength: 128, recomputeActivations: true }],
    ["an adapter", { batchSize: 16, maxLength: 64, lora: { rank: 8 } }],
    ["a head alone", { batchSize: 16, maxLength: 64, optimizer: { name: "sgd", groups: [{ pattern: "bert.*", learningRateScale: 0 }] } }],
    ["two gradients a step", { batchSize: 16, maxLength: 64, optimizer: { name: "adamw", wrappers: [{ name: "sharpness_aware" }] } }],
    ["a factored mean square", { batchSize: 16, maxLength: 64, optimizer: { name: "adafactor" } }],
    ["a mean square for each row", { batchSize: 2, maxLength: 16, optimizer: { name: "adam-mini" } }],
    ["orthogonal updates", { batchSize: 2, maxLength: 16, optimizer: { name: "muon" } }],
    [
      "eigenbases of the shorter sides, refreshed at each step",
      {
        batchSize: 2,
        maxLength: 16,
        optimizer: { name: "soap", hyperparameters: { max_precondition_size: 400, precondition_frequency: 1 } },
      },
    ],
  ])("is within 20% of what it takes with %s", async (_what, settings) => {
    const job = await stack.stepwire.jobs.create({
      optimizer: { name: "adamw" },
      maxSteps: 3,
      ...settings,
      dataset: { id: dataset, validationFraction: 0.05 },
      evaluateEvery: 0,
    });
    const planned = job.snapshot.plan?.peakMemoryBytes ?? Number.NaN;
    const { peakMemoryBytes } = await job.result();
    expect(planned / peakMemoryBytes).toBeGreaterThan(0.8);
    expect(planned / peakMemoryBytes).toBeLessThan(1.2);
  });
});
