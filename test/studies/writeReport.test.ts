import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { defaultIntervals, type EvaluationRecord } from "#core/evaluations/evaluation.js";
import { sampleStudy } from "#core/studies/report/testing/sampleStudy.js";
import type { StudyRecord } from "#core/studies/study.js";
import { curveArtifact } from "#evaluator/studies/curveArtifact.js";
import type { FailedRun } from "#evaluator/studies/reportProtocol.js";
import type { StudyWorkerParts } from "#evaluator/studies/worker/studyWorkerParts.js";
import { writeReport } from "#evaluator/studies/worker/writeReport.js";
import { openArtifactStore } from "#platform/artifactStore.js";
import { createLogger } from "#platform/logger.js";
import { startTestServices, type TestServices } from "../datasets/testServices.js";
import { startTestBroker, type TestBroker } from "../platform/testBroker.js";
import { sampleDataset } from "./sampleDataset.js";

let broker: TestBroker;
let services: TestServices;
beforeAll(async () => {
  broker = await startTestBroker();
});
beforeEach(async () => {
  services = await startTestServices(broker);
  await services.datasets.create("default", sampleDataset("reviews", { train: [40, 40], validation: [10, 10], test: [10, 10] }));
});
afterEach(() => services.close());
afterAll(() => broker.remove());

const halt = new AbortController().signal;
const createTime = "2026-01-01T00:00:00.000Z";

/** What the worker of a study has whose final runs were trained and predicted this; `digest` is that of the split that a run was evaluated on. */
async function partsOf(study: StudyRecord, row: (job: string, index: number) => object, digest: (job: string) => string) {
  const { dataFolder, stepwire } = services;
  const artifacts = openArtifactStore(dataFolder);
  for (const { trainingJob } of study.runs) {
    const job = { model: "all-MiniLM-L6-v2", dataset: { id: "reviews" }, optimizer: { name: "sgd" }, maxSteps: 1 };
    await stepwire.jobs.create(job, { id: trainingJob });
    await services.jobs.change("default", trainingJob, (record) => ({ ...record, state: "SUCCEEDED" }));
  }
  for (const run of study.runs.filter(({ phase }) => phase === "FINAL")) {
    const curve = artifacts.path(study.tenant, "studies", curveArtifact(study.uid, run), "curve.json");
    const predictions = join(dataFolder, `${run.trainingJob}.jsonl`);
    await mkdir(dirname(curve), { recursive: true });
    await writeFile(curve, JSON.stringify({ loss: [], validation: [] }));
    await writeFile(predictions, Array.from({ length: 20 }, (_, index) => JSON.stringify(row(run.trainingJob, index))).join("\n"));
    const id = run.evaluation ?? "";
    const measured = { examples: 20, classes: ["a", "b"], confusionMatrix: [], classMetrics: [] };
    const evaluation: EvaluationRecord = {
      ...{ id, uid: id, tenant: "default", state: "SUCCEEDED", createTime, attempt: 1, intervals: defaultIntervals },
      ...{ trainingJob: run.trainingJob, trainingJobUid: run.trainingJob, split: "test" },
      metrics: { ...measured, predictions, splitDigest: digest(id), weightsDigest: "w", seconds: 1 },
    };
    await services.evaluations.create("default", evaluation);
  }
  return { artifacts, stepwire, logger: createLogger("test", "silent"), stopSeconds: 5, stallSeconds: 60 } as StudyWorkerParts;
}

const row = (_job: string, index: number) => ({ index, label: index % 2, predicted: index % 3 === 0 ? 0 : 1, probabilities: [0.5, 0.5] });

describe("a report that cannot be written", () => {
  it("says why, and is not tried again where that cannot change", async () => {
    const { study } = sampleStudy({ arms: { a: 0.9, b: 0.8 } });
    const parts = await partsOf(study, row, (evaluation) => `split of ${evaluation.slice(0, 1)}`);
    const ending = await writeReport(parts, study, halt, async () => undefined);
    expect(ending).toMatchObject({ error: { code: "REPORT_CRASHED" }, retry: false });
    expect(ending).toHaveProperty("error.message", expect.stringContaining("evaluated on 2 different test splits"));
  });
});

describe("a report", () => {
  it("is written without the run that cannot be measured, which the study is told of", async () => {
    const { study } = sampleStudy({ arms: { a: 0.9, b: 0.8, c: 0.8 } });
    const broken = (job: string, index: number) => (job === "b-seed-1" && index === 5 ? {} : row(job, index));
    const told: FailedRun[] = [];
    const ending = await writeReport(await partsOf(study, broken, () => "d"), study, halt, async (failed) => void told.push(...failed));
    expect(ending).toBe("SUCCEEDED");
    expect(told).toEqual([{ trainingJob: "b-seed-1", message: expect.stringContaining("row 5 of 20 is not a prediction") }]);
  });
});
