import { describe, expect, it } from "vitest";
import { completeSpec, type TrainingJobDraft, withLength } from "./completeSpec.js";

const good: TrainingJobDraft = { dataset: { id: "reviews" }, optimizer: { name: "adamw", hyperparameters: {} } };
const faultsOf = (draft: TrainingJobDraft) => completeSpec({ ...good, ...draft }).faults;

describe("the length that nobody chose", () => {
  it("is what the model has positions for if that is less than 128, also where the model is known only later", () => {
    const specOf = (draft: TrainingJobDraft, lengths?: { least: number; most: number }) =>
      completeSpec({ ...good, ...draft }, undefined, lengths).spec;
    expect(specOf({}, { least: 3, most: 64 })).toMatchObject({ maxLength: 64 });
    expect(specOf({}, { least: 3, most: 512 })).toMatchObject({ maxLength: 128 });
    expect(specOf({}, { least: 3, most: 64 })).not.toHaveProperty("maxLengthOpen");
    const [open, chosen] = [specOf({}), specOf({ maxLength: 100 })];
    expect(open).toMatchObject({ maxLength: 128, maxLengthOpen: true });
    expect(chosen).not.toHaveProperty("maxLengthOpen");
    if (!open || !chosen) throw new Error("good drafts have specs");
    expect(withLength(open, { least: 3, most: 64 })).toMatchObject({ maxLength: 64 });
    expect(withLength(open, { least: 3, most: 64 })).not.toHaveProperty("maxLengthOpen");
    expect(withLength(chosen, { least: 3, most: 64 })).toMatchObject({ maxLength: 100 });
  });
});

describe("a job's numbers", () => {
  it("may be left out", () => {
    expect(faultsOf({})).toEqual([]);
  });

  it("are refused when the warm-up is longer than the job", () => {
    expect(faultsOf({ maxSteps: 10, schedule: { warmupSteps: 10 } })).toEqual([]);
    expect(faultsOf({ maxSteps: 10, schedule: { warmupSteps: 11 } })).toEqual([
      {
        field: "training_job.schedule.warmup_steps",
        reason: "OUT_OF_RANGE",
        description:
          "11 is out of range: the job has 10 steps, so the learning rate would never come to its peak; allowed: a whole number up to 10",
      },
    ]);
    expect(faultsOf({ maxSteps: -1, schedule: { warmupSteps: 10 } }).map(({ field }) => field)).toEqual(["training_job.max_steps"]);
    expect(faultsOf({ maxSteps: Number.NaN, schedule: { warmupSteps: Number.NaN } })).toHaveLength(2);
  });

  it("are refused when float32 makes a clipping to nothing of them", () => {
    expect(faultsOf({ maxGradNorm: 0 })).toEqual([]);
    expect(faultsOf({ maxGradNorm: 1e-30 })).toEqual([]);
    expect(faultsOf({ maxGradNorm: 5e-324 })).toEqual([
      {
        field: "training_job.max_grad_norm",
        reason: "OUT_OF_RANGE",
        description: expect.stringMatching(/^5e-324 is 0 in float32/) as string,
      },
    ]);
  });

  it("are refused by name when they are infinite, absurd or no numbers", () => {
    const extreme = {
      epochs: 1e308,
      batchSize: 1e308,
      microBatchTokens: Number.NaN,
      maxLength: -1,
      seed: 2 ** 53,
      evaluateEvery: Infinity,
    };
    expect(faultsOf({ ...extreme, maxGradNorm: 1e308 }).map(({ field }) => field)).toEqual(
      ["epochs", "evaluate_every", "max_grad_norm", "batch_size", "micro_batch_tokens", "max_length", "seed"].map(
        (name) => `training_job.${name}`,
      ),
    );
  });
});
