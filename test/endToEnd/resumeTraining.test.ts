import { copyFile, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { StepwireError, type TrainingJobInput } from "@stepwire/client";
import { beforeAll, describe, expect, it } from "vitest";
import { generateModel } from "../support/generateModel.js";
import { sample, sharedStack, tinyModel } from "../support/localStack.js";

// A job that goes on from another one, over gRPC, with the real engine: equal to one that never stopped, or refused with what does not fit.

let stack: Awaited<ReturnType<typeof sharedStack>>;
let dataset: string;
let model: string;
/** Eight steps, and five of them that another job goes on from. */
let whole: Finished;
let first: Finished;

beforeAll(async () => {
  stack = await sharedStack();
  // Large beside the header of its file.
  model = await generateModel(join(stack.folder, "small-bert"), tinyModel("bert"), { hidden_size: 256, intermediate_size: 1024 });
  dataset = await importSample();
  whole = await finished("whole", { ...settings(8), model });
  first = await finished("first", { ...settings(5), model, keepTrainingState: true });
});

async function importSample(): Promise<string> {
  const imported = await stack.stepwire.datasets.import({
    columns: { text: "text", label: "label" },
    files: [
      { split: "train", path: sample("train") },
      { split: "validation", path: sample("validation") },
    ],
  });
  return imported.id;
}

const settings = (maxSteps: number): TrainingJobInput => ({
  dataset: { id: dataset, maxTrainRows: 64 },
  optimizer: { name: "adamw", hyperparameters: { learning_rate: 5e-5 } },
  schedule: { name: "constant", warmupSteps: 2 },
  batchSize: 8,
  maxLength: 32,
  seed: 1,
  evaluateEvery: 0,
  maxSteps,
});

type Finished = Awaited<ReturnType<typeof finished>>;
async function finished(id: string, job: TrainingJobInput) {
  const created = await stack.stepwire.jobs.create(job, { id });
  const result = await created.result();
  return { id, snapshot: created.snapshot, result };
}

async function faults(job: TrainingJobInput): Promise<string[]> {
  const error = await stack.stepwire.jobs.create(job, { validateOnly: true }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof StepwireError)) throw new Error("it was not refused", { cause: error });
  return error.violations.map(({ field, reason, description }) => `${field} ${reason} ${description}`);
}

describe("a job that goes on from another", () => {
  it("takes the steps that one longer job takes, and gets its weights bit for bit", async () => {
    expect(first.snapshot).toMatchObject({ keepTrainingState: true, resumeFrom: "", plan: { firstStep: 1 } });
    const second = await finished("second", { ...settings(8), resumeFrom: "first" });
    expect(second.snapshot).toMatchObject({ resumeFrom: "first", model, plan: { firstStep: 6, totalSteps: 8 } });
    expect(second.result).toMatchObject({
      steps: 8,
      weightsDigest: whole.result.weightsDigest,
      finalLoss: whole.result.finalLoss,
      validationLoss: whole.result.validationLoss,
    });
    expect(first.result.weightsDigest).not.toBe(whole.result.weightsDigest);

    const steps: number[] = [];
    let from: number | undefined;
    for await (const event of (await stack.stepwire.jobs.get("second")).watch()) {
      if (event.attemptStarted) from = event.attemptStarted.fromStep;
      if (event.metric?.kind === "TRAIN") steps.push(event.metric.step);
    }
    expect({ from, steps }).toEqual({ from: 6, steps: [6, 7, 8] });

    // It kept no state, as it was not asked to; the job before it keeps that of AdamW, two numbers for each weight.
    const state = (checkpoint: string) => stat(join(checkpoint, "training_state.safetensors")).then(({ size }) => size);
    await expect(state(second.result.checkpoint)).rejects.toThrow("ENOENT");
    const weights = (await stat(join(first.result.checkpoint, "model.safetensors"))).size;
    expect((await state(first.result.checkpoint)) / weights).toBeCloseTo(2, 2);
  });

  it("is refused with all that is wrong, at once", async () => {
    const found = await faults({
      ...settings(5),
      optimizer: { name: "lion" },
      model: "another-model",
      resumeFrom: "first",
      batchSize: 0,
    });
    const expected = [
      /^training_job\.model CONFLICT "another-model" is not the model of training job "first"; allowed: ".*", or leave it out$/,
      /^training_job\.max_steps OUT_OF_RANGE 5 is not beyond step 5, the last of training job "first"; allowed: more than 5 steps$/,
      /^training_job\.optimizer DOES_NOT_FIT "lion" cannot go on with the state that "adamw" kept: the state "scale_by_lion\.m" is missing for 41 parameters, e\.g\. "[\w.]+"; the state "scale_by_adam\.m" is surplus for 41 parameters/,
      /^training_job\.batch_size OUT_OF_RANGE 0 /,
    ];
    for (const each of expected) expect(found).toContainEqual(expect.stringMatching(each));
    expect(found).toHaveLength(expected.length);
  });

  it("is refused when there is nothing to go on from", async () => {
    expect(await faults({ ...settings(9), resumeFrom: "no-such-job" })).toEqual([
      'training_job.resume_from NOT_FOUND there is no training job "no-such-job"; allowed: a job that SUCCEEDED with keep_training_state',
    ]);
    expect(await faults({ ...settings(9), resumeFrom: "whole" })).toEqual([
      'training_job.resume_from STATE_NOT_KEPT training job "whole" keeps no training state; allowed: a job that SUCCEEDED with keep_training_state',
    ]);
    expect(await faults({ ...settings(9), resumeFrom: "Not An Id" })).toEqual([
      expect.stringMatching(/^training_job\.resume_from INVALID_ID "Not An Id"/),
    ]);
  });

  it("is refused for rows of other classes", async () => {
    const other = await stack.stepwire.datasets.import({
      columns: { text: "text", label: "label" },
      files: [
        {
          split: "train",
          format: "JSONL",
          content: Array.from({ length: 40 }, (_, row) => JSON.stringify({ text: `text ${row}`, label: row % 2 ? "odd" : "even" })).join(
            "\n",
          ),
        },
      ],
    });
    const [fault, ...rest] = await faults({ ...settings(9), dataset: { id: other.id }, resumeFrom: "first" });
    expect(rest).toEqual([]);
    expect(fault).toMatch(/^training_job\.dataset\.id CONFLICT has the classes "even", "odd"; training job "first" has "/);
  });

  it("is refused once the state has been damaged, and nothing is trained", async () => {
    const { checkpoint } = await (await stack.stepwire.jobs.get("first")).result();
    const path = join(checkpoint, "training_state.safetensors");
    await copyFile(path, join(stack.folder, "kept"));
    try {
      const bytes = await readFile(path);
      bytes[bytes.length - 1000] = (bytes[bytes.length - 1000] ?? 0) ^ 1;
      await writeFile(path, bytes);
      // The header is whole, so the job is taken; its tensors are read by the worker.
      const job = await stack.stepwire.jobs.create({ ...settings(8), resumeFrom: "first" }, { id: "damaged" });
      await expect(job.result()).rejects.toThrow("training_state.safetensors is corrupt: its bytes are not those that were written");
      expect((await job.get()).error).toMatchObject({ field: "training_job.resume_from" });
      await rm(path);
      expect(await faults({ ...settings(8), resumeFrom: "first" })).toEqual([
        expect.stringContaining('the checkpoint of first" has no training_state.safetensors: its training state was not kept'),
      ]);
    } finally {
      await copyFile(join(stack.folder, "kept"), path);
    }
  });
});
