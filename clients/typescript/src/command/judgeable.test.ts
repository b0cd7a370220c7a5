import { describe, expect, it } from "vitest";
import { judgeable, originalPath } from "./judgeable.js";

const misfit = (field: string, wanted: string) => ({ field, reason: "WRONG_TYPE", description: `it is not ${wanted}` });

describe("what is left of a message for a service to judge", () => {
  it("has numbers that were written as texts or with a fraction, and nothing else that is wrong", () => {
    const given = { job: { maxSteps: "3", batchSize: 4.5, model: 7 }, title: 5 };
    const { value } = judgeable(given, [
      misfit("job.maxSteps", "a whole number"),
      misfit("job.batchSize", "a whole number"),
      misfit("job.model", "a string"),
      misfit("title", "a string"),
    ]);
    expect(value).toEqual({ job: { maxSteps: 3, batchSize: 4 } });
    expect(given.job.maxSteps).toBe("3");
  });

  it("has lists without their faulty values, whose places are known, and messages at their places", () => {
    const given = { seeds: ["one", 1, "2", 5], arms: [7, { name: "b" }] };
    const { value, leftOut } = judgeable(given, [
      misfit("seeds[0]", "a whole number"),
      misfit("seeds[2]", "a whole number"),
      misfit("arms[0]", "an object"),
    ]);
    expect(value).toEqual({ seeds: [1, 5], arms: [{}, { name: "b" }] });
    expect(["seeds[0]", "seeds[1]", "arms[1].name", "margin"].map((path) => originalPath(path, leftOut))).toEqual([
      "seeds[1]",
      "seeds[3]",
      "arms[1].name",
      "margin",
    ]);
  });
});
