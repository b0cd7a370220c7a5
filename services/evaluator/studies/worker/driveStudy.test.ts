import { StepwireError, type Stepwire } from "@stepwire/client";
import { describe, expect, it } from "vitest";
import type { StudyRecord } from "#core/studies/study.js";
import { sampleStudy } from "#core/studies/report/testing/sampleStudy.js";
import { createLogger } from "#platform/logger.js";
import { sampleDataset } from "../../testing/sampleDataset.js";
import { storedRecords } from "../../testing/storedRecords.js";
import { driveStudy } from "./driveStudy.js";
import type { StudyWorkerParts } from "./studyWorkerParts.js";

const dataset = sampleDataset({ train: [40, 40], validation: [10, 10], test: [10, 10] });

/** A study of which nothing has been run. */
function declaredStudy(): StudyRecord {
  const { study } = sampleStudy({ arms: { a: 0.9, b: 0.8 }, declaration: { job: { dataset: { id: dataset.id } }, parallelism: 2 } });
  const { runs, ...rest } = study;
  const queued = runs.filter(({ phase }) => phase === "TUNING").map((run) => ({ ...run, state: "QUEUED" as const }));
  return { ...rest, datasetUid: dataset.uid, runs: queued };
}

/** Drives a study whose jobs succeed at once, but for those that `hangs` names; `onCreate` is told of each that is made. */
function driven(
  study: StudyRecord,
  hangs: (id: string) => boolean,
  onCreate: (datasets: StudyWorkerParts["datasets"]) => Promise<unknown>,
) {
  const datasets = storedRecords(dataset);
  const made: string[] = [];
  const cancelled: string[] = [];
  const result = { steps: 1, trainSeconds: 1, tokens: 1, peakMemoryBytes: 1, validationAccuracy: 0.5, weightsDigest: "w" };
  const jobs = {
    get: async (id: string) => {
      throw new StepwireError("NOT_FOUND", `no ${id}`);
    },
    create: async (_input: object, { id }: { id: string }) => {
      made.push(id);
      await onCreate(datasets);
      return {
        id,
        get: async () => ({ id, state: "SUCCEEDED", result }),
        watch: async function* ({ signal }: { signal: AbortSignal }) {
          if (hangs(id)) await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
          yield* [];
        },
      };
    },
    cancel: async (id: string) => void cancelled.push(id),
  };
  const parts = {
    datasets,
    stepwire: { jobs } as unknown as Stepwire,
    logger: createLogger("test", "silent"),
  } as unknown as StudyWorkerParts;
  const never = new AbortController().signal;
  const ending = driveStudy(parts, study, { save: async (change) => change(study), cancelled: never, stop: never });
  return { ending, made, cancelled };
}

describe("a study whose data set's id was used again", () => {
  it("fails with that reason after the run that saw it, and ends the jobs that it has running", async () => {
    const study = declaredStudy();
    const [first = "", second = ""] = study.runs.map(({ trainingJob }) => trainingJob);
    const { ending, made, cancelled } = driven(
      study,
      (id) => id === second,
      async (datasets) => datasets.update("default", { ...dataset, uid: "another" }, 1),
    );
    await expect(ending).rejects.toMatchObject({ code: "DATASET_CHANGED", message: expect.stringContaining("used again") });
    expect(made.toSorted()).toEqual([first, second].slice(0, made.length).toSorted());
    expect(cancelled).toContain(first);
    expect(cancelled).toContain(second);
  });

  it("fails when it is gone, too, and makes no job for it", async () => {
    const { ending, made } = driven(
      { ...declaredStudy(), datasetUid: "older" },
      () => false,
      async () => undefined,
    );
    await expect(ending).rejects.toMatchObject({ code: "DATASET_CHANGED" });
    expect(made).toEqual([]);
    const gone = driven(
      declaredStudy(),
      () => false,
      async (datasets) => datasets.delete("default", dataset.id),
    );
    await expect(gone.ending).rejects.toMatchObject({ code: "DATASET_NOT_FOUND" });
  });
});
