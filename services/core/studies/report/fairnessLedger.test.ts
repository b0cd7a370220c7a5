import { describe, expect, it } from "vitest";
import { fairnessLedger } from "./fairnessLedger.js";
import type { RunSettings } from "./runOutcome.js";
import { sampleStudy, type SampleOptions } from "./testing/sampleStudy.js";

const options: SampleOptions = { arms: { a: 0.9, b: 0.8 } };
const { study, settings, evaluations = [] } = sampleStudy(options);
const ledgerOf = (change: (each: RunSettings) => RunSettings) => fairnessLedger(study, settings.map(change), evaluations);
const withValues = (each: RunSettings, values: Record<string, string>): RunSettings => ({ ...each, values: { ...each.values, ...values } });
const named = (list: readonly { name: string }[], name: string) => list.find((each) => each.name === name);

describe("the fairness ledger", () => {
  it("is about every run, those of the tuning too", () => {
    const { different } = ledgerOf((each) =>
      each.arm === "b" && each.phase === "TUNING" ? withValues(each, { "batch size": "16" }) : each,
    );
    expect(named(different, "batch size")).toMatchObject({
      values: [
        { arm: "a", value: "8" },
        { arm: "b", value: "16; 8" },
      ],
    });
  });

  it("takes what is not known of a run that failed for no difference, and what a complete run does not have for one", () => {
    const digest = (each: RunSettings) => withValues(each, { "training rows (SHA-256)": `rows of seed ${each.seed}` });
    const failed = (each: RunSettings) => each.arm === "b" && each.seed === 2;
    const partly = ledgerOf((each) => (failed(each) ? { ...each, isComplete: false } : digest(each)));
    expect(named(partly.different, "training rows (SHA-256)")).toBeUndefined();
    expect(named(partly.equal, "training rows (SHA-256)")).toMatchObject({ value: expect.stringContaining("rows of seed 2") });
    const lacking = ledgerOf((each) => (failed(each) ? each : digest(each)));
    expect(named(lacking.different, "training rows (SHA-256)")).toMatchObject({ why: expect.stringContaining("not declared") });
  });

  it("does not ask tuning runs for what only final runs have", () => {
    const { equal } = ledgerOf((each) =>
      each.phase === "FINAL" ? withValues(each, { "tuned hyperparameters": "learning_rate 1" }) : each,
    );
    expect(named(equal, "tuned hyperparameters")).toEqual({ name: "tuned hyperparameters", value: "learning_rate 1" });
  });

  it("counts the evaluations on the test split, whoever made them", () => {
    const name = "evaluations on the test split";
    expect(named(fairnessLedger(study, settings, evaluations).equal, name)).toEqual({ name, value: "1 for each final run, 6 in all" });
    const peeked = fairnessLedger(study, settings, [...evaluations, { id: "mine", trainingJob: "b-trial-1" }]);
    expect(named(peeked.equal, name)).toBeUndefined();
    expect(named(peeked.different, name)).toMatchObject({
      values: [
        { arm: "a", value: "1 for each final run" },
        { arm: "b", value: "1 for each final run, and 1 more" },
      ],
    });
    const failed = sampleStudy({ ...options, failedSeeds: { b: 1 } });
    expect(named(fairnessLedger(failed.study, failed.settings, failed.evaluations).different, name)).toMatchObject({
      values: [{ value: "1 for each final run" }, { value: "2 for 3 final runs" }],
    });
  });
});
