import { describe, expect, it } from "vitest";
import { compareGroups } from "../../comparisons/compareGroups.js";
import { testedMean } from "../../statistics/meanTest.js";
import { wilsonInterval } from "../../statistics/wilson.js";
import { buildStudyReport } from "./buildStudyReport.js";
import { renderHtml } from "./renderHtml.js";
import { renderMarkdown } from "./renderMarkdown.js";
import { sampleStudy } from "./testing/sampleStudy.js";

const arms = { whole: 0.9, "whole-without-part": 0.6, base: 0.88 };

describe("a study's report", () => {
  it("compares what was declared: each arm with the reference, each ablation with the whole, once", () => {
    const { pairs } = buildStudyReport(sampleStudy({ arms, declaration: { reference: "base" } }));
    expect(pairs.map(({ first, second, isAblation }) => [first, second, isAblation])).toEqual([
      ["whole", "base", false],
      ["whole-without-part", "base", false],
      ["whole", "whole-without-part", true],
    ]);
    const all = buildStudyReport(sampleStudy({ arms })).pairs;
    expect(all.map(({ first, second }) => [first, second])).toEqual([
      ["whole", "base"],
      ["whole-without-part", "base"],
      ["whole", "whole-without-part"],
    ]);
  });

  it("judges by examples and seeds, with p values corrected for all pairs together", () => {
    const findings = sampleStudy({ arms, declaration: { reference: "base" } });
    const report = buildStudyReport(findings);
    const outcomesOf = (name: string) => findings.finals.filter(({ run }) => run.arm === name).map(({ outcomes }) => outcomes);
    const expected = compareGroups(
      Object.keys(arms).map((name) => ({ name, evaluations: outcomesOf(name) })),
      {
        ...{ metric: "accuracy", margin: 0.02, level: 0.95, correction: "holm" },
        pairs: [
          ["whole", "base"],
          ["whole-without-part", "base"],
          ["whole", "whole-without-part"],
        ],
      },
    );
    expect(report.pairs.map(({ verdict, correctedP }) => [verdict, correctedP])).toEqual(
      expected.pairs.map(({ verdict, correctedP }) => [verdict, correctedP]),
    );
    expect(report.pairs[2]?.verdict).toBe("BETTER");
    const rows = findings.finals
      .filter(({ run }) => run.arm === "whole")
      .map(({ outcomes }) => (outcomes.kind === "mean" ? outcomes.values : []));
    expect(report.arms[0]?.result).toMatchObject(testedMean(rows, { least: 0, most: 1 }).interval(0.95));
    expect(report.arms[0]?.result.about).toBe("examples and seeds");
    expect(report.variance?.components.map(({ name }) => name)).toEqual(["training seeds", "examples", "seeds with examples, and chance"]);
  });

  it("compares the contrasts that were declared and the ablations, and nothing else", () => {
    const contrasts = [{ first: "whole-without-part", second: "base" }];
    const { pairs, alike, outcomes } = buildStudyReport(sampleStudy({ arms, declaration: { contrasts } }));
    expect(pairs.map(({ first, second }) => [first, second])).toEqual([
      ["whole-without-part", "base"],
      ["whole", "whole-without-part"],
    ]);
    expect(pairs[0]).toMatchObject({
      degreesOfFreedom: { seeds: 2, examples: 299 },
      standardError: expect.any(Number),
      components: { seedVariance: expect.any(Number) },
      simultaneousDifference: { level: 0.975 },
    });
    expect(alike).toEqual([]);
    expect(outcomes.runs).toHaveLength(9);
    expect(outcomes.runs[0]).toMatchObject({ seed: 1, right: expect.stringMatching(/^[01]{300}$/) });
  });

  it("of one seed is about examples, by Wilson's interval", () => {
    const findings = sampleStudy({ arms, seeds: [1], declaration: { purpose: "demonstration" } });
    const { arms: found, notes } = buildStudyReport(findings);
    const right = findings.finals[0]?.outcomes;
    const count = right?.kind === "mean" ? Array.from(right.values).reduce((sum, value) => sum + value, 0) : Number.NaN;
    expect(found[0]?.result).toMatchObject(wilsonInterval(count, 300, 0.95));
    expect(notes[0]).toContain("too small to support a verdict");
  });

  it("never makes a mean of the runs that did not fail: such an arm has no result and is not compared", () => {
    const report = buildStudyReport(sampleStudy({ arms, failedSeeds: { base: 1 }, failedArms: ["whole-without-part"] }));
    expect(report.pairs).toEqual([]);
    expect(report.arms[2]?.result.unavailable).toContain("1 of 3 final runs failed");
    expect(report.arms[2]?.seeds.map(({ failure }) => failure)).toEqual(["the loss is NaN", undefined, undefined]);
    expect(report.arms[1]?.result.unavailable).toBe("no final run succeeded");
    expect(report.arms[1]?.chosen).toBeUndefined();
    expect(report.notes.join("\n")).toMatch(/base: 1 of 3 final runs failed.*not compared/);
    expect(report.notes.join("\n")).toContain("whole-without-part: 3 of 3 trials failed");
  });

  it("says of how many seeds it is what was measured of an arm that failed in part, and how much seeds vary of whole arms only", () => {
    const report = buildStudyReport(sampleStudy({ arms, failedSeeds: { base: 1 } }));
    const [whole, , base] = report.arms;
    expect(whole?.seedDeviation).toBeGreaterThan(0);
    expect(base).not.toHaveProperty("seedDeviation");
    expect(base?.curves.loss.length).toBeGreaterThan(0);
    for (const point of base?.curves.loss ?? []) {
      expect(point.seeds).toBe(2);
      expect(point).not.toHaveProperty("lower");
    }
    expect(whole?.curves.loss[0]).toHaveProperty("lower");
    for (const text of [renderMarkdown(report), renderHtml(report)]) {
      expect(text).toContain("150 ms (2 of 3 seeds)");
      expect(text).toContain("1.00 GiB (2 of 3 seeds)");
    }
    expect(renderHtml(report)).toMatch(/class="name"[^>]*>base \(2 of 3 seeds\)</);
    expect(renderMarkdown(buildStudyReport(sampleStudy({ arms })))).not.toContain("of 3 seeds");
  });

  it("has curves with a band over seeds, what was spent, and what differed", () => {
    const { arms: found, ledger, notes } = buildStudyReport(sampleStudy({ arms }));
    expect(found[0]?.curves.validation.map(({ step, mean, seeds }) => [step, Number(mean.toFixed(6)), seeds])).toEqual([
      [100, 0.72, 3],
      [200, 0.82, 3],
    ]);
    // Student's t with 2 degrees of freedom over 0.71, 0.72, 0.73: 4.302653 * 0.01 / sqrt(3).
    expect((found[0]?.curves.validation[0]?.upper ?? 0) - 0.72).toBeCloseTo(0.0248414, 6);
    expect(found[0]?.secondsPerStep).toBeCloseTo(0.15, 12);
    expect(ledger.different.map(({ name, why }) => [name, why])).toEqual([["optimizer", "it is what the study compares"]]);
    expect(ledger.equal).toContainEqual({ name: "batch size", value: "8" });
    expect(ledger.compute[0]).toEqual({ arm: "whole", phase: "TUNING", runs: 3, failed: 0, trainSeconds: 30, tokens: 3000 });
    expect(notes.some((note) => note.includes("3 training seeds say little"))).toBe(true);
  });

  it("says that a choice at the end of a range may not be the best, and that settings which nobody declared differ", () => {
    const findings = sampleStudy({ arms });
    const runs = findings.study.runs.map((run) =>
      run.arm === "base" && run.trial === 3 && run.phase === "TUNING" ? { ...run, validationAccuracy: 0.95 } : run,
    );
    const settings = findings.settings.map((each) =>
      each.arm === "base" ? { ...each, values: { ...each.values, schedule: "name cosine" } } : each,
    );
    const { notes } = buildStudyReport({ ...findings, study: { ...findings.study, runs }, settings });
    expect(notes.join("\n")).toContain("base: the best learning_rate was 0.01, at the end of what was searched");
    expect(notes.join("\n")).toContain("also differ in schedule, which nobody declared");
    expect(notes.join("\n")).not.toContain("whole: the best");
  });

  it("refuses runs that were evaluated on different examples", () => {
    const findings = sampleStudy({ arms });
    const finals = findings.finals.map((each, index) => (index === 0 ? { ...each, splitDigest: "other" } : each));
    expect(() => buildStudyReport({ ...findings, finals })).toThrow("2 different test splits");
  });
});
