import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { completeStudy } from "#core/studies/completeStudy.js";
import { readStudyFile } from "../../clients/typescript/src/command/studyFile.js";

// The ready declarations, as users run them.

const folder = join(import.meta.dirname, "../../studies/seed");
const schema = JSON.parse(readFileSync(join(import.meta.dirname, "../../docs/study.schema.json"), "utf8")) as object;
const validate = new Ajv2020({ strictTypes: false }).compile(schema);
const sizes = ["smoke", "bundled", "sst2"] as const;
interface Declared {
  arms: { name: string; optimizer: { name: string }; ablation_of?: string }[];
  job: { max_steps?: number };
  purpose: string;
  claims: { arm: string; value: number }[];
}
const declared = (size: string) => parse(readFileSync(join(folder, `${size}.yaml`), "utf8")) as Declared;

describe.each(sizes)("the seed's experiment, %s", (size) => {
  it("follows the schema", () => {
    expect(validate(declared(size)), JSON.stringify(validate.errors)).toBe(true);
  });

  it("is a sound declaration of all methods: six optimizers, the baseline, each enhancement, integrated, and each of its ablations", () => {
    const names = declared(size).arms.map(({ name }) => name);
    expect(names).toEqual([
      ...["sgd", "adam", "rmsprop", "lamb", "adabound", "radam", "baseline"],
      ...["enhanced-rectify", "enhanced-bounds", "enhanced-trust", "integrated"],
      ...["rectify", "bounds", "trust", "layer-decay", "ema"].map((element) => `integrated-without-${element}`),
    ]);
    expect(declared(size).claims.map(({ value }) => value)).toEqual([0.85, 0.88, 0.92]);
    // The files of SST-2 are the user's.
    const text = readFileSync(join(folder, `${size}.yaml`), "utf8")
      .replaceAll(/sst2\/\w+\.tsv/g, "data.tsv")
      .replaceAll("../../", `${join(folder, "../..")}/`);
    const own = mkdtempSync(join(tmpdir(), "stepwire-seed-"));
    writeFileSync(join(own, "data.tsv"), "sentence\tlabel\n");
    writeFileSync(join(own, "study.yaml"), text);
    const { study, dataset } = readStudyFile(join(own, "study.yaml"));
    expect(dataset?.files.map(({ split }) => split)).toEqual(["train", "validation", "test"]);
    const draft = { ...study, job: { ...study.job, dataset: { id: "imported" } } } as Parameters<typeof completeStudy>[0];
    expect(completeStudy(draft, true).faults).toEqual([]);
  });
});

it("the three sizes compare the same arms, the smallest only to show that it works", () => {
  const [smoke, bundled, sst2] = sizes.map(declared);
  expect(bundled?.arms).toEqual(smoke?.arms);
  expect(sst2?.arms).toEqual(smoke?.arms);
  expect([smoke?.purpose, bundled?.purpose, sst2?.purpose]).toEqual(["demonstration", "comparison", "comparison"]);
  expect(bundled?.job.max_steps).toBeGreaterThanOrEqual(200);
});

it("the schema refuses what a declaration cannot hold", () => {
  const smoke = declared("smoke");
  expect(validate({ ...smoke, margn: 1 })).toBe(false);
  expect(validate({ ...smoke, job: { ...smoke.job, seed: 1 } })).toBe(false);
  expect(validate({ ...smoke, purpose: "fun" })).toBe(false);
  const { arms: _arms, ...rest } = smoke;
  expect(validate(rest)).toBe(false);
});
