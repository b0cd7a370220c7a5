import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Stepwire } from "@stepwire/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleStudy } from "#core/studies/report/testing/sampleStudy.js";
import type { StudyRecord } from "#core/studies/study.js";
import { openArtifactStore } from "#platform/artifactStore.js";
import { createLogger } from "#platform/logger.js";
import { curveArtifact } from "../curveArtifact.js";
import type { FailedRun } from "../reportProtocol.js";
import type { StudyWorkerParts } from "./studyWorkerParts.js";
import { writeReport } from "./writeReport.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-write-report-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const halt = new AbortController().signal;

/** What the worker of a study whose final runs predicted this has; `digest` is that of the split that a run was evaluated on. */
async function partsOf(study: StudyRecord, row: (job: string, index: number) => object, digest: (job: string) => string) {
  const artifacts = openArtifactStore(folder);
  const predictions = new Map<string, string>();
  for (const run of study.runs.filter(({ phase }) => phase === "FINAL")) {
    const curve = artifacts.path(study.tenant, "studies", curveArtifact(study.uid, run), "curve.json");
    const path = join(folder, `${run.trainingJob}.jsonl`);
    await mkdir(dirname(curve), { recursive: true });
    await writeFile(curve, JSON.stringify({ loss: [], validation: [] }));
    await writeFile(path, Array.from({ length: 20 }, (_, index) => JSON.stringify(row(run.trainingJob, index))).join("\n"));
    predictions.set(run.evaluation ?? "", path);
  }
  const evaluations = {
    list: async function* () {
      for (const { evaluation, trainingJob } of study.runs)
        if (evaluation !== undefined) yield { id: evaluation, trainingJob, split: "test", state: "SUCCEEDED" };
    },
    get: async (id: string) => ({
      metrics: { predictions: predictions.get(id), examples: 20, classes: ["a", "b"], splitDigest: digest(id) },
    }),
  };
  const jobs = { get: async (id: string) => ({ snapshot: { id, task: "classification" } }) };
  const stepwire = { jobs, evaluations } as unknown as Stepwire;
  return { artifacts, stepwire, logger: createLogger("test", "silent"), stopSeconds: 5, stallSeconds: 60 } as unknown as StudyWorkerParts;
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
