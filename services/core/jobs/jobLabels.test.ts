import { describe, expect, it } from "vitest";
import { labelFaults } from "./jobLabels.js";

const faults = (labels: Record<string, string>) => labelFaults(labels, "training_job.labels");

describe("the labels of a job", () => {
  it("may be any short texts, counted in characters", () => {
    expect(faults({})).toEqual([]);
    expect(faults({ team: "", ["😀".repeat(63)]: "é".repeat(255) })).toEqual([]);
    expect(faults(Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`key ${index}`, "value"])))).toEqual([]);
  });

  it("are refused when there are too many, once", () => {
    const many = Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`key ${index}`, "value"]));
    expect(faults(many)).toEqual([
      { field: "training_job.labels", reason: "TOO_MANY_LABELS", description: "there are 65 labels; allowed: at most 64" },
    ]);
  });

  it("are refused when a key is empty, or a key or value too long, each with its key cut and escaped", () => {
    expect(faults({ "": "a", ["\u001b".repeat(64)]: "b", c: "d".repeat(256) })).toEqual([
      { field: 'training_job.labels[""]', reason: "REQUIRED", description: "a label has no key; allowed: 1 to 63 characters" },
      {
        field: `training_job.labels["${"\\u001b".repeat(64)}"]`,
        reason: "TOO_LONG",
        description: "the key has 64 characters; allowed: 1 to 63",
      },
      {
        field: 'training_job.labels["c"]',
        reason: "TOO_LONG",
        description: `the value "${"d".repeat(80)}…" has 256 characters; allowed: at most 255`,
      },
    ]);
  });
});
