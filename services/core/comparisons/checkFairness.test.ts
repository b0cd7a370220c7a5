import { describe, expect, it } from "vitest";
import type { EvaluationRecord } from "../evaluations/evaluation.js";
import type { TrainingJobRecord, TrainingSpec } from "../jobs/trainingJob.js";
import { checkFairness, type ComparedGroup } from "./checkFairness.js";
import { comparedEvaluation, type FairnessFact, fairnessFacts } from "./fairnessFacts.js";

const spec: TrainingSpec = {
  task: "classification",
  model: "tiny",
  dataset: { id: "reviews", trainSplit: "train", validationFraction: 0.1, splitSeed: 0 },
  optimizer: { name: "adamw", hyperparameters: { learning_rate: 5e-5, beta1: 0.9 } },
  schedule: { name: "linear", warmupRatio: 0.1, options: {} },
  maxGradNorm: 1,
  epochs: 3,
  batchSize: 32,
  microBatchTokens: 4096,
  maxLength: 128,
  seed: 1,
  onNan: "FAIL",
};

interface Changes {
  spec?: Partial<TrainingSpec>;
  steps?: number;
  resume?: TrainingJobRecord["resume"];
  origin?: Partial<NonNullable<NonNullable<TrainingJobRecord["result"]>["origin"]>> | "not recorded";
  metrics?: Partial<NonNullable<EvaluationRecord["metrics"]>>;
  threads?: string;
}

/** An evaluation of a job of its own. */
function evaluated(id: string, changes: Changes = {}) {
  const origin = { baseWeightsDigest: "weights", tokenizerDigest: "tokenizer", trainRowsDigest: "rows" };
  const job = {
    id: `job-${id}`,
    uid: `uid-${id}`,
    spec: { ...spec, ...changes.spec },
    plan: { totalSteps: changes.steps ?? 300, stepsPerEpoch: 100, trainRows: 3190 },
    ...(changes.resume && { resume: changes.resume }),
    result: {
      environment: { threads: changes.threads ?? "2" },
      ...(changes.origin !== "not recorded" && { origin: { ...origin, ...changes.origin } }),
    },
  } as unknown as TrainingJobRecord;
  const metrics = { examples: 872, splitDigest: "split", classes: ["bad", "good"], ...changes.metrics };
  const found = comparedEvaluation({ id, state: "SUCCEEDED", metrics } as EvaluationRecord, job);
  if (!found) throw new Error("is not comparable");
  return found;
}

function groups(...changes: Changes[][]): ComparedGroup[] {
  return changes.map((evaluations, index) => ({
    name: `group ${index}`,
    evaluations: evaluations.map((change, place) => evaluated(`e${index}-${place}`, change)),
  }));
}

const sgd = { optimizer: { name: "sgd", hyperparameters: { learning_rate: 0.1 } } };
const reasons = (found: ReturnType<typeof checkFairness>) => found.faults.map(({ reason }) => reason);

/** One change for each thing that has to be the same. */
const changesOf: Record<FairnessFact, Changes> = {
  split_digest: { metrics: { splitDigest: "other" } },
  base_weights: { origin: { baseWeightsDigest: "other" } },
  tokenizer: { origin: { tokenizerDigest: "other" } },
  max_length: { spec: { maxLength: 64 } },
  train_rows: { origin: { trainRowsDigest: "other" } },
  epochs: { spec: { epochs: 4 } },
  steps: { steps: 299 },
  batch_size: { spec: { batchSize: 16 } },
  budget: { steps: 150 },
  schedule: { spec: { schedule: { name: "linear", warmupRatio: 0.2, options: {} } } },
  max_grad_norm: { spec: { maxGradNorm: 0 } },
  on_nan: { spec: { onNan: "SKIP" } },
  micro_batch_tokens: { spec: { microBatchTokens: 512 } },
  precision: { spec: { precision: "bfloat16" } },
  lora: { spec: { lora: { rank: 8, alpha: 16, dropout: 0, targets: ["query"], rslora: false } } },
  resume_from: { resume: { uid: "earlier", attempt: 1 } },
};

describe("a fair comparison", () => {
  it("is of optimizers, seeds and machines that differ, and of nothing else", () => {
    const { faults, ledger } = checkFairness(groups([{}], [{ spec: { ...sgd, seed: 2 }, threads: "8" }]), []);
    expect(faults).toEqual([]);
    expect(ledger.different.map(({ name }) => name)).toEqual(["optimizer", "seeds", "environment"]);
    expect(ledger.different[0]?.values).toEqual([
      { group: "group 0", value: 'adamw {"beta1":0.9,"learning_rate":0.00005}' },
      { group: "group 1", value: 'sgd {"learning_rate":0.1}' },
    ]);
    expect(ledger.equal).toContainEqual({ name: "batch_size", value: "32" });
    expect(ledger.equal).toContainEqual({ name: "budget", value: "9570 examples trained on" });
  });

  it.each(fairnessFacts)("has the same %s, or its caller says that it is meant to differ", (name) => {
    const unequal = groups([{}], [changesOf[name]]);
    const found = checkFairness(unequal, []);
    expect(reasons(found)).toContain(`${name.toUpperCase()}_DIFFERS`);
    const others = found.faults.map(({ reason }) => reason.replace(/_DIFFERS$/, "").toLowerCase());
    const intended = checkFairness(unequal, others);
    expect(intended.faults).toEqual([]);
    expect(intended.ledger.different.find((entry) => entry.name === name)).toMatchObject({ why: "The caller named it as intended." });
  });

  it("says each difference with the value of every group", () => {
    const { faults } = checkFairness(groups([{}], [{ spec: { batchSize: 16 } }]), []);
    expect(faults).toEqual([
      {
        field: "groups",
        reason: "BATCH_SIZE_DIFFERS",
        description:
          'batch_size is not the same for all groups: 32 of "group 0"; 16 of "group 1"; make it the same, or name "batch_size" as an intended difference',
      },
    ]);
  });

  it("does not take what was not recorded for equal", () => {
    const both = groups([{ origin: "not recorded" }], [{ origin: "not recorded" }]);
    expect(reasons(checkFairness(both, []))).toEqual(["BASE_WEIGHTS_DIFFERS", "TOKENIZER_DIFFERS", "TRAIN_ROWS_DIFFERS"]);
    expect(checkFairness(both, ["base_weights", "tokenizer", "train_rows"]).faults).toEqual([]);
  });

  it("is of the same examples, classes and task, whatever is intended", () => {
    const other = { metrics: { examples: 871, classes: ["good", "bad"] }, spec: { task: "regression" as const } };
    expect(reasons(checkFairness(groups([{}], [other]), []))).toEqual(["TASK_DIFFER", "EXAMPLES_DIFFER", "CLASSES_DIFFER"]);
  });

  it("has groups whose evaluations differ in the seed only, each seed once", () => {
    const seeds = (change: Changes = {}) => [1, 2, 3].map((seed) => ({ ...change, spec: { ...change.spec, seed } }));
    expect(checkFairness(groups(seeds(), seeds({ spec: sgd })), []).faults).toEqual([]);
    const mixed = groups([{}, { spec: { seed: 2, ...sgd, batchSize: 16 } }, { spec: { seed: 1 } }]);
    expect(checkFairness(mixed, []).faults).toEqual([
      {
        field: "groups[0].evaluations[1]",
        reason: "GROUP_DIFFERS",
        description: '"e0-1" and "e0-0" differ in optimizer, batch_size; allowed within a group: a difference in the seed only',
      },
      {
        field: "groups[0].evaluations[2]",
        reason: "SEED_TWICE",
        description: '"e0-2" has the seed 1, as "e0-0" has; allowed within a group: every seed once',
      },
    ]);
  });

  it("may draw other rows for every seed, as long as all groups draw the same", () => {
    const dataset = { ...spec.dataset, maxTrainRows: 100 };
    const drawn = (seed: number, rows: string, more = {}) => ({ spec: { dataset, seed, ...more }, origin: { trainRowsDigest: rows } });
    const first = [drawn(1, "a"), drawn(2, "b")];
    expect(checkFairness(groups(first, [drawn(2, "b", sgd), drawn(1, "a", sgd)]), []).faults).toEqual([]);
    expect(reasons(checkFairness(groups(first, [drawn(1, "a", sgd), drawn(3, "c", sgd)]), []))).toEqual([
      "SEEDS_DIFFER",
      "TRAIN_ROWS_DIFFERS",
    ]);
  });

  it("has the same seeds in every group, in any order", () => {
    const seeds = (of: readonly number[], more = {}) => of.map((seed) => ({ spec: { seed, ...more } }));
    expect(checkFairness(groups(seeds([1, 2, 3]), seeds([3, 1, 2], sgd)), []).faults).toEqual([]);
    expect(checkFairness(groups(seeds([1, 2, 3]), seeds([4, 1, 2], sgd)), []).faults).toEqual([
      {
        field: "groups[1].evaluations",
        reason: "SEEDS_DIFFER",
        description: expect.stringMatching(/^its seeds are 1, 2, 4, those of ".*" 1, 2, 3; allowed: the same seeds in every group/),
      },
    ]);
    // Models are not paired by how they were trained.
    expect(checkFairness(groups(seeds([1]), seeds([4], sgd)), []).faults).toEqual([]);
  });

  it("is not of a model with itself", () => {
    const once = evaluated("e1");
    const found = checkFairness(
      [
        { name: "a", evaluations: [once] },
        { name: "b", evaluations: [{ ...once, id: "e2" }] },
      ],
      [],
    );
    expect(found.faults).toEqual([
      {
        field: "groups[1].evaluations[0]",
        reason: "SAME_MODEL",
        description: '"e2" is of the training job "job-e1", as "e1" of group "a" is; a model cannot be compared with itself',
      },
    ]);
  });

  it("has no intended differences that are not there", () => {
    const { faults } = checkFairness(groups([{}], [{ spec: { batchSize: 16 } }]), ["schedule", "batchsize", "batch_size", "batch_size"]);
    expect(faults).toEqual([
      {
        field: "intended_differences[0]",
        reason: "NOT_A_DIFFERENCE",
        description: '"schedule" is the same for all groups; the differences there are: batch_size',
      },
      {
        field: "intended_differences[1]",
        reason: "UNKNOWN_VALUE",
        description: `"batchsize" is not known (did you mean "batch_size"?); allowed: ${fairnessFacts.join(", ")}`,
      },
      { field: "intended_differences[3]", reason: "DUPLICATE", description: '"batch_size" stands there twice' },
    ]);
  });
});

it("an evaluation that has not succeeded is not compared", () => {
  expect(comparedEvaluation({ state: "RUNNING" } as EvaluationRecord, {} as TrainingJobRecord)).toBeUndefined();
});
