import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TrainingJobInput } from "@stepwire/client";
import { beforeAll, describe, expect, it } from "vitest";
import { generateModel } from "../support/generateModel.js";
import { miniLM, sharedStack, tinyModel } from "../support/localStack.js";

// What a plan says of memory, beside what the runner took.

let stack: Awaited<ReturnType<typeof sharedStack>>;
let dataset = "";
let completions = "";
let bert = "";
let llama = "";

beforeAll(async () => {
  stack = await sharedStack();
  const words = ["good", "film", "bad", "story", "the", "and", "of", "a"];
  const rows = Array.from({ length: 100 }, (_, row) => {
    const text = Array.from({ length: 520 }, (__, index) => words[(index * 7 + row) % words.length]).join(" ");
    return JSON.stringify({ text, label: row % 2 === 0 ? "a" : "b", prompt: "" });
  });
  const path = join(stack.folder, "long.jsonl");
  await writeFile(path, rows.join("\n"));
  // So large beside what every process takes that a fault of one part is more than the 20%.
  const wide = { hidden_size: 768, intermediate_size: 3072, num_attention_heads: 12, num_hidden_layers: 8 };
  bert = await generateModel(join(stack.folder, "bert"), miniLM(), wide);
  const head = {
    vocab_size: 64_000,
    hidden_size: 256,
    intermediate_size: 512,
    num_attention_heads: 4,
    num_key_value_heads: 4,
    head_dim: 64,
  };
  llama = await generateModel(join(stack.folder, "llama"), tinyModel("llama"), { ...head, max_position_embeddings: 512 });
  completions = (
    await stack.stepwire.datasets.import({ columns: { prompt: "prompt", completion: "text" }, files: [{ split: "train", path }] })
  ).id;
  dataset = (await stack.stepwire.datasets.import({ columns: { text: "text", label: "label" }, files: [{ split: "train", path }] })).id;
});

const create = (settings: TrainingJobInput) =>
  stack.stepwire.jobs.create({
    ...{ optimizer: { name: "adamw" }, maxSteps: 2, evaluateEvery: 0, dataset: { id: dataset, validationFraction: 0.05 } },
    ...settings,
  });

async function expectNear(job: Awaited<ReturnType<typeof create>>): Promise<void> {
  const planned = job.snapshot.plan?.peakMemoryBytes ?? Number.NaN;
  const { peakMemoryBytes } = await job.result();
  expect(planned / peakMemoryBytes).toBeGreaterThan(0.8);
  expect(planned / peakMemoryBytes).toBeLessThan(1.2);
}

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
    await expectNear(await create(settings));
  });

  // Each took a fifth to a quarter more than its plan before what it is about was counted, or no longer held.
  it("is within 20% of what it takes with an adapter beside all layers of a large model", async () => {
    const lora = { rank: 8, targets: ["all-linear"] };
    await expectNear(await create({ model: bert, batchSize: 2, maxLength: 16, lora }));
  });

  it("is within 20% of what it takes with rows that are longer than a micro-batch", async () => {
    const lora = { rank: 8 };
    await expectNear(await create({ model: bert, batchSize: 1, maxLength: 512, microBatchTokens: 32, maxSteps: 1, lora }));
  });

  it("is within 20% of what it takes with a job that goes on from another", async () => {
    const first = await create({ model: bert, batchSize: 2, maxLength: 16, maxSteps: 1, keepTrainingState: true });
    await first.result();
    await expectNear(await create({ batchSize: 2, maxLength: 16, maxSteps: 2, resumeFrom: first.snapshot.id }));
  });

  it("is within 20% of what it takes with completions of several micro-batches", async () => {
    const settings = { model: llama, dataset: { id: completions, validationFraction: 0.05 } };
    await expectNear(await create({ ...settings, batchSize: 8, maxLength: 128, microBatchTokens: 512 }));
  });
});
