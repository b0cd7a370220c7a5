import { describe, expect, test } from "vitest";
import { defaultSchedule, validateSchedule, warmupFault } from "./validateSchedule.js";

describe("validateSchedule", () => {
  test("accepts the default and what is left out", () => {
    expect(validateSchedule(defaultSchedule, "schedule")).toEqual([]);
    expect(validateSchedule({}, "schedule")).toEqual([]);
    expect(validateSchedule({ name: "cosine", warmupSteps: 0 }, "schedule")).toEqual([]);
  });
  test("says all faults at once, with the nearest name", () => {
    expect(validateSchedule({ name: "liner", warmupSteps: 1.5, warmupRatio: Number.NaN }, "training_job.schedule")).toEqual([
      {
        field: "training_job.schedule.name",
        reason: "UNKNOWN_SCHEDULE",
        description: '"liner" is not a schedule (did you mean "linear"?); allowed: constant, linear, cosine',
      },
      {
        field: "training_job.schedule.warmup_steps",
        reason: "OUT_OF_RANGE",
        description: "1.5 is out of range; allowed: a whole number, at least 0",
      },
      {
        field: "training_job.schedule.warmup_ratio",
        reason: "OUT_OF_RANGE",
        description: "NaN is out of range; allowed: a number from 0 to 1",
      },
    ]);
  });
  test.each([-1, Number.POSITIVE_INFINITY, Number.NaN])("refuses %d warm-up steps", (warmupSteps) =>
    expect(validateSchedule({ warmupSteps }, "schedule")).toHaveLength(1),
  );
});

describe("a warm-up", () => {
  test("may take the whole job and no more", () => {
    expect(warmupFault({ name: "linear", warmupSteps: 100 }, 100, "schedule")).toBeUndefined();
    expect(warmupFault({ name: "linear", warmupRatio: 1 }, 100, "schedule")).toBeUndefined();
    expect(warmupFault({ name: "linear", warmupSteps: 101 }, 100, "training_job.schedule")).toMatchObject({
      field: "training_job.schedule.warmup_steps",
      reason: "OUT_OF_RANGE",
      description: expect.stringMatching(/^101 is out of range: the job has 100 steps/) as string,
    });
  });
});
