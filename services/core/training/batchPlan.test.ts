import { describe, expect, it } from "vitest";
import { batchPlan, stepsPerEpoch } from "./batchPlan.js";

describe("a batch plan", () => {
  it("goes through every row once an epoch, the last batch smaller", () => {
    const plan = batchPlan({ rows: 10, batchSize: 4, seed: 1 });
    const epoch = (first: number) => [first, first + 1, first + 2].map((step) => plan(step));
    for (const batches of [epoch(1), epoch(4)]) {
      expect(batches.map(({ rows }) => rows.length)).toEqual([4, 4, 2]);
      expect(batches.flatMap(({ rows }) => [...rows]).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
    expect(epoch(4).map(({ epochsDone }) => epochsDone)).toEqual([1.4, 1.8, 2]);
    expect(stepsPerEpoch(10, 4)).toBe(3);
  });

  it("shuffles each epoch and each seed anew, and tells any step without the steps before", () => {
    const plan = batchPlan({ rows: 50, batchSize: 50, seed: 1 });
    expect([...plan(1).rows]).not.toEqual([...plan(2).rows]);
    expect([...batchPlan({ rows: 50, batchSize: 50, seed: 2 })(1).rows]).not.toEqual([...plan(1).rows]);
    expect([...batchPlan({ rows: 50, batchSize: 50, seed: 1 })(7).rows]).toEqual([...plan(7).rows]);
  });
});
