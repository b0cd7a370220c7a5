import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildStudyReport } from "#core/studies/report/buildStudyReport.js";
import { sampleStudy } from "#core/studies/report/testing/sampleStudy.js";
import type { StudyDeclaration } from "#core/studies/study.js";
import { withFailures } from "../failedRuns.js";
import type { ReportInput } from "../reportProtocol.js";
import { readRuns } from "./readRuns.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-report-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const examples = 40;

/** A study of two arms, and its final runs' files; `probability` is what each gives the true class. */
async function stored(metric: StudyDeclaration["metric"], probability: (arm: string, seed: number, index: number) => number) {
  const { study } = sampleStudy({ arms: { a: 0.8, b: 0.8, c: 0.8 }, declaration: { metric } });
  const files: ReportInput["files"] = [];
  for (const { arm, seed, phase, trainingJob } of study.runs) {
    if (phase !== "FINAL") continue;
    const [path, curve] = [join(folder, `${trainingJob}.jsonl`), join(folder, `${trainingJob}.json`)];
    const rows = Array.from({ length: examples }, (_, index) => {
      const own = probability(arm, seed, index);
      const label = index % 2;
      return JSON.stringify({ index, label, predicted: label, probabilities: label === 0 ? [own, 1 - own] : [1 - own, own] });
    });
    await writeFile(path, `${rows.join("\n")}\n`);
    await writeFile(curve, JSON.stringify({ loss: [], validation: [] }));
    files.push({ trainingJob, predictions: { path, task: "classification", examples, classes: 2 }, splitDigest: "d", curve });
  }
  return { study, files };
}

describe("final runs", () => {
  it("of which one has no loss fail alone: the other arms are compared", async () => {
    const { study, files } = await stored("loss", (arm, seed, index) =>
      arm === "b" && seed === 2 && index === 3 ? 0 : 0.5 + 0.01 * seed + 0.003 * ((index * seed) % 7),
    );
    const { finals, failed } = await readRuns(study, files);
    expect(finals).toHaveLength(8);
    expect(failed.map(({ trainingJob }) => trainingJob)).toEqual(["b-seed-2"]);
    const runs = withFailures(study.runs, failed);
    expect(runs.find(({ trainingJob }) => trainingJob === "b-seed-2")).toMatchObject({
      state: "FAILED",
      error: { code: "NOT_MEASURABLE" },
    });
    const report = buildStudyReport({ study: { ...study, runs }, endTime: "", finals, settings: [] });
    expect(report.pairs.map(({ first, second }) => [first, second])).toEqual([["a", "c"]]);
    expect(report.arms[1]?.seeds[1]?.failure).toContain("row 3 has the probability 0 of its true class");
    expect(report.notes.join("\n")).toContain("b: 1 of 3 final runs failed");
  });

  it("all succeed where all can be measured", async () => {
    const { study, files } = await stored("roc_auc", (_arm, seed, index) => 0.3 + ((index * (seed + 2)) % 11) / 20);
    expect(await readRuns(study, files)).toMatchObject({ failed: [], finals: { length: 9 } });
  });

  it("whose predictions are gone are no failure of theirs", async () => {
    const { study, files } = await stored("accuracy", () => 0.9);
    await rm(files[0]?.predictions.path ?? "");
    await expect(readRuns(study, files)).rejects.toThrow("ENOENT");
  });
});
