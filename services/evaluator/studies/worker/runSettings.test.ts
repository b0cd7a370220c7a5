import type { TrainingJob } from "@stepwire/client";
import { describe, expect, it } from "vitest";
import { fairnessLedger } from "#core/studies/report/fairnessLedger.js";
import { sampleStudy } from "#core/studies/report/testing/sampleStudy.js";
import type { StudyRun } from "#core/studies/study.js";
import { runSettings } from "./runSettings.js";

/** A job as the trainer completes it. */
function job(hyperparameters: object, change: Partial<TrainingJob> = {}): TrainingJob {
  const optimizer = { name: "adamw", hyperparameters, chain: [], wrappers: [], groups: [] };
  return { optimizer, batchSize: 8, maxLength: 128, maxGradNorm: 1, ...change } as unknown as TrainingJob;
}

describe("the settings of a run", () => {
  const { study } = sampleStudy({ arms: { a: 0.9, b: 0.8 } });
  const final = study.runs.find(({ phase }) => phase === "FINAL") as StudyRun;
  const ofArm = (arm: string, values: object) =>
    runSettings({ ...final, arm, hyperparameters: { learning_rate: 0.001 } }, job({ learning_rate: 0.001, ...values }));

  it("tell optimizers apart that differ in what is fixed", () => {
    const { different, equal } = fairnessLedger(study, [ofArm("a", { weight_decay: 0 }), ofArm("b", { weight_decay: 0.1 })]);
    expect(different.find(({ name }) => name === "optimizer")?.values).toEqual([
      { arm: "a", value: "adamw (weight_decay 0)" },
      { arm: "b", value: "adamw (weight_decay 0.1)" },
    ]);
    expect(equal.map(({ name }) => name)).not.toContain("optimizer");
  });

  it("tell of optimizers that are the same that they are", () => {
    const { equal } = fairnessLedger(study, [ofArm("a", { weight_decay: 0 }), ofArm("b", { weight_decay: 0 })]);
    expect(equal).toContainEqual({ name: "optimizer", value: "adamw (weight_decay 0)" });
  });
});
