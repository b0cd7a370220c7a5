import { describe, expect, it } from "vitest";
import type { StudyRun } from "./study.js";
import { secondsLeft, studyProgress } from "./studyProgress.js";

const run = (state: StudyRun["state"]): StudyRun => ({
  ...{ arm: "a", phase: "FINAL", trial: 1, seed: 1, hyperparameters: {}, trainingJob: "j", state },
});

describe("a study's progress", () => {
  it("counts final runs that are not known yet among those to come", () => {
    const runs = [run("SUCCEEDED"), run("FAILED"), run("CANCELLED"), run("RUNNING"), run("QUEUED")];
    expect(studyProgress({ tuningRuns: 5, finalRuns: 4 }, runs, false)).toEqual({ runs: 9, done: 3, running: 1, failed: 2, left: 5 });
    expect(studyProgress({ tuningRuns: 5, finalRuns: 4 }, runs, true).left).toBe(0);
  });

  it("expects the runs that are left to take what those took that this execution has measured", () => {
    expect(secondsLeft({ runs: 10, done: 4 }, 100, { seconds: 0, runs: 0 })).toBe(60);
    expect(secondsLeft({ runs: 10, done: 4 }, 100, { seconds: 50, runs: 2 })).toBe(150);
  });
});
