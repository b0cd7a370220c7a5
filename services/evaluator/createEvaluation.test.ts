import { describe, expect, it } from "vitest";
import { chosenSplits } from "#core/datasets/evaluationRows.js";
import type { EvaluationRecord } from "#core/evaluations/evaluation.js";
import type { DatasetSelection, TrainingJobRecord } from "#core/jobs/trainingJob.js";
import type { CallContext } from "#platform/handlers.js";
import { StatusError } from "#platform/statusError.js";
import { createEvaluation, type CreateParts } from "./createEvaluation.js";
import { sampleDataset } from "./testing/sampleDataset.js";
import { storedRecords } from "./testing/storedRecords.js";

/** The split of the evaluation that is made, or the reason of its refusal. */
async function evaluated(split: string, chosen: Partial<DatasetSelection>, names: readonly string[]): Promise<string> {
  const job = {
    ...{ id: "job", uid: "u", tenant: "default", state: "SUCCEEDED" },
    spec: { dataset: { id: "reviews", splitSeed: 0, ...chosenSplits(chosen, names) } },
  } as TrainingJobRecord;
  const parts: CreateParts = {
    evaluations: storedRecords<EvaluationRecord>(),
    jobs: storedRecords(job),
    datasets: storedRecords(sampleDataset(Object.fromEntries(names.map((name) => [name, [5, 5]])))),
    queue: { enqueue: async () => undefined } as unknown as CreateParts["queue"],
  };
  const request = { evaluation: { training_job: "job", split }, evaluation_id: "", request_id: "", validate_only: true };
  const call = { tenant: "default", signal: new AbortController().signal } as CallContext;
  return await createEvaluation(parts, request as Parameters<typeof createEvaluation>[1], call).then(
    (record) => record.split,
    (error: unknown) => {
      if (error instanceof StatusError) return error.violations.map(({ reason }) => reason).join(", ");
      throw error;
    },
  );
}

const both = ["train", "dev", "validation"];

describe("an evaluation", () => {
  it("is of the split that it names, and of what the job validated on when it names none", async () => {
    expect(await evaluated("", { validationSplit: "dev" }, both)).toBe("dev");
    expect(await evaluated("validation", { validationSplit: "dev" }, both)).toBe("validation");
    expect(await evaluated("dev", {}, both)).toBe("dev");
    expect(await evaluated("", {}, both)).toBe("validation");
    expect(await evaluated("validation", {}, ["train"])).toBe("validation");
  });

  it("is refused where the name may mean two things or nothing, or what was trained on", async () => {
    expect(await evaluated("validation", { validationFraction: 0.1 }, both)).toBe("AMBIGUOUS");
    expect(await evaluated("validation", { validationSplit: "dev" }, ["train", "dev"])).toBe("NOT_FOUND");
    expect(await evaluated("train", {}, both)).toBe("TRAINED_ON");
  });
});
