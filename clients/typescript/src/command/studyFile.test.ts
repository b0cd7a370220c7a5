import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readStudyFile } from "./studyFile.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-study-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(...lines: string[]) {
  const path = join(folder, "s.yaml");
  await writeFile(path, lines.join("\n"));
  const { violations, placed, ...rest } = readStudyFile(path);
  const said = (faults: typeof violations) => faults.map(({ field, description }) => `${field}: ${description}`.replace(`${folder}/`, ""));
  return {
    ...rest,
    faults: said(violations),
    found: (...faults: [field: string, reason: string][]) =>
      said(placed(faults.map(([field, reason]) => ({ field, reason, description: reason })))),
  };
}

describe("a study's file", () => {
  it("with faults leaves the rest to be judged", async () => {
    const { faults, study, found } = await read(
      "titel: A study",
      'seeds: [1, "x", -2]',
      'job: { max_steps: "3", batch_size: 0, dataset: { id: d } }',
      "arms:",
      "  - name: 7",
      "    optimizer: { nme: sgdd }",
    );
    expect(faults).toEqual([
      's.yaml:1: titel: unknown field "titel"; did you mean "title"?',
      's.yaml:6: arms[0].optimizer.nme: unknown field "nme"; did you mean "name"?',
      's.yaml:3: job.max_steps: "3" is not a whole number',
      "s.yaml:5: arms[0].name: 7 is not a string",
      's.yaml:2: seeds[1]: "x" is not a whole number',
    ]);
    expect(study).toEqual({
      title: "A study",
      seeds: [1, -2],
      job: { maxSteps: 3, batchSize: 0, dataset: { id: "d" } },
      arms: [{ optimizer: { name: "sgdd" } }],
    });
    // What is said of the rest has its line, and the words that stand there.
    expect(
      found(
        ["study.seeds[1]", "OUT_OF_RANGE"],
        ["study.job.batch_size", "OUT_OF_RANGE"],
        ["study.arms[0].optimizer.name", "NOT_FOUND"],
        ["study.title", "TOO_LONG"],
        ["study.margin", "REQUIRED"],
        ["study_id", "INVALID_ID"],
      ),
    ).toEqual([
      "s.yaml:2: seeds[2]: OUT_OF_RANGE",
      "s.yaml:3: job.batch_size: OUT_OF_RANGE",
      "s.yaml:6: arms[0].optimizer.nme: NOT_FOUND",
      "s.yaml:1: titel: TOO_LONG",
      "s.yaml: margin: REQUIRED",
      "s.yaml: id: INVALID_ID",
    ]);
  });

  it("is not blamed for what only follows from a fault", async () => {
    const { found } = await read('margin: "small"', "seeds: [x]", "arms: [{ name: 7 }]", "reference: a", "dataset: { columns: 1 }");
    expect(
      found(
        ["study.margin", "REQUIRED"],
        ["study.seeds", "REQUIRED"],
        ["study.arms[0].name", "INVALID_ID"],
        ["study.reference", "NOT_FOUND"],
        ["study.job.dataset.id", "REQUIRED"],
      ),
    ).toEqual([]);
    expect(found(["study.arms", "TOO_FEW"], ["study.seeds", "TOO_MANY"], ["study.seeds", "TOO_FEW"])).toEqual([
      "s.yaml:3: arms: TOO_FEW",
      "s.yaml:2: seeds: TOO_MANY",
    ]);
  });

  it("lists what is allowed once, and nothing that is refused", async () => {
    const { faults } = await read("zzzzzz: 1", "job: { qqqqqq: 1, uid: u }");
    const [top = "", job = ""] = faults;
    expect(top.match(/\bid\b/g)).toHaveLength(1);
    expect(top).toContain("allowed: id, dataset, title, ");
    for (const refused of ["uid", "state", "optimizer", "seed", "resume_from", "id"])
      expect(job).not.toMatch(new RegExp(` ${refused}(,|$)`));
    expect(job).toMatch(/allowed: .*max_steps/);
    expect(faults[2]).toContain('unknown field "uid"');
  });
});
