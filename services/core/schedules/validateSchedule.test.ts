import { describe, expect, test } from "vitest";
import { schedules } from "./schedules.js";
import { defaultSchedule, stepsFault, validateSchedule } from "./validateSchedule.js";

describe("validateSchedule", () => {
  test("accepts the default and what is left out", () => {
    expect(validateSchedule(defaultSchedule, "schedule").faults).toEqual([]);
    expect(validateSchedule({}, "schedule").faults).toEqual([]);
    expect(validateSchedule({ name: "cosine", warmupSteps: 0 }, "schedule")).toEqual({ faults: [], options: { cycles: 0.5 } });
  });
  test("says all faults at once, with the nearest name", () => {
    expect(validateSchedule({ name: "liner", warmupSteps: 1.5, warmupRatio: Number.NaN }, "training_job.schedule").faults).toEqual([
      {
        field: "training_job.schedule.name",
        reason: "UNKNOWN_SCHEDULE",
        description: '"liner" is not a schedule (did you mean "linear"?); allowed: ' + schedules.map(({ name }) => name).join(", "),
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
    expect(validateSchedule({ warmupSteps }, "schedule").faults).toHaveLength(1),
  );
});

test("options are checked against the schedule's own", () =>
  expect(validateSchedule({ name: "polynomial", options: { pwer: 2, power: -1 } }, "training_job.schedule").faults).toMatchObject([
    { field: "training_job.schedule.options.power", reason: "OUT_OF_RANGE" },
    {
      field: "training_job.schedule.options.pwer",
      reason: "UNKNOWN_OPTION",
      description: 'the schedule polynomial has no option "pwer" (did you mean "power"?); it has power, final_factor',
    },
  ]));

test("a fall may take all steps after the warm-up and no more", () => {
  const schedule = (decay_steps: number) => ({ name: "warmup_stable_decay", warmupSteps: 10, options: { decay_steps } });
  expect(stepsFault(schedule(90), 100, "schedule")).toBeUndefined();
  expect(stepsFault(schedule(91), 100, "training_job.schedule")).toEqual({
    field: "training_job.schedule.options.decay_steps",
    reason: "OUT_OF_RANGE",
    description:
      "91 is out of range: the job has 100 steps, 10 of them of warm-up, so the learning rate would never come to its peak; allowed: a whole number up to 90",
  });
});

describe("a warm-up", () => {
  test("may take the whole job and no more", () => {
    expect(stepsFault({ name: "linear", warmupSteps: 100 }, 100, "schedule")).toBeUndefined();
    expect(stepsFault({ name: "linear", warmupRatio: 1 }, 100, "schedule")).toBeUndefined();
    expect(stepsFault({ name: "linear", warmupSteps: 101 }, 100, "training_job.schedule")).toMatchObject({
      field: "training_job.schedule.warmup_steps",
      reason: "OUT_OF_RANGE",
      description: expect.stringMatching(/^101 is out of range: the job has 100 steps/) as string,
    });
  });
});
