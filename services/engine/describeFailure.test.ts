import { describe, expect, it } from "vitest";
import { FaultError } from "#core/fault.js";
import { describeFailure } from "./describeFailure.js";
import { TrainingFailure } from "./training/trainingFailure.js";

describe("what a caller reads of a failure", () => {
  it("holds no stack and no path when it is unexpected; the log has both", () => {
    const { error, log } = describeFailure(new TypeError("Cannot read properties of null (reading '/srv/secret')"));
    expect(error).toEqual({ code: "RUNNER_ERROR", message: "unexpected failure in the runner; the service log says more" });
    expect(log).toMatch(/TypeError: Cannot read.*\/srv\/secret.*\n\s+at .*describeFailure\.test/s);
    expect(describeFailure("a string").log).toBe("a string");
  });

  it("is what the caller did wrong, with its code, field and step", () => {
    const faults = [{ field: "training_job.model", reason: "CORRUPT", description: "config.json is not JSON" }];
    expect(describeFailure(new FaultError(faults))).toEqual({
      error: { code: "CORRUPT", message: "training_job.model: config.json is not JSON", field: "training_job.model" },
      log: undefined,
    });
    expect(describeFailure(new TrainingFailure({ code: "NAN_LOSS", message: "at step 2", step: 2 })).error).toEqual({
      code: "NAN_LOSS",
      message: "at step 2",
      step: 2,
    });
  });

  it.each([
    ["ENOSPC: no space left on device, write", "DISK_FULL"],
    ["OOM when allocating tensor with shape[4096,30522]", "OUT_OF_MEMORY"],
    ["Array buffer allocation failed", "OUT_OF_MEMORY"],
  ])("names a machine that has too little: %s", (message, code) => {
    expect(describeFailure(new RangeError(message)).error.code).toBe(code);
  });
});
