import { describe, expect, it } from "vitest";
import { completeStudy } from "./completeStudy.js";
import { buildStudyReport } from "./report/buildStudyReport.js";
import { sampleStudy } from "./report/testing/sampleStudy.js";

// Defects of published comparisons: docs/evaluation.md has the table.

describe("the best of many, reported as if it were one", () => {
  const report = buildStudyReport(sampleStudy({ arms: { a: 0.8, b: 0.8 }, seeds: [1, 2, 3, 4, 5] }));

  it("is not what an arm's result is: that is the mean of all its seeds", () => {
    for (const { result, seeds } of report.arms) {
      const values = seeds.map(({ value }) => value ?? Number.NaN);
      expect(result.estimate).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / 5, 12);
      expect(result.estimate).toBeLessThan(Math.max(...values));
    }
  });

  it("is shown as what it is: every trial stands in the report, with what it reached on the validation split only", () => {
    for (const { trials } of report.arms) {
      expect(trials).toHaveLength(3);
      expect(trials.filter(({ chosen }) => chosen)).toHaveLength(1);
    }
    expect(report.ledger.equal).toContainEqual({ name: "tuning trials", value: "3" });
  });

  it("is not measured with the luck that it was chosen for: tuning has seeds of its own", () => {
    const arms = ["sgd", "adamw"].map((name) => ({ name, optimizer: { name }, search: { learning_rate: { min: 1e-4, max: 1e-2 } } }));
    const declared = { job: { dataset: { id: "d" } }, arms, tuning: { trials: 2, seeds: [3] }, seeds: [1, 2, 3], margin: 0.01 };
    expect(completeStudy(declared, true).faults.map(({ field, reason }) => `${field} ${reason}`)).toEqual(["study.tuning.seeds CONFLICT"]);
  });
});
