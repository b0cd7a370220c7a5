import { describe, expect, it } from "vitest";
import { calibrationInterval } from "./calibrationInterval.js";
import { clusteredInterval } from "./clusteredInterval.js";
import { testedMean } from "./meanTest.js";
import { meanInterval, ratioInterval } from "./ratioInterval.js";
import { bootstrapMean } from "./resampling/bootstrapInterval.js";
import { rocAucInterval, rocAucValues } from "./rocAuc.js";
import { improvementInterval, interquartileInterval } from "./scoresOverSeeds.js";

const options = { level: 0.95, resamples: 200, seed: 0 };

describe.each([Number.NaN, Infinity, -Infinity])("an interval of values of which one is %d", (broken) => {
  const values = [0.2, 0.4, broken, 0.6, 0.1];
  const cases = {
    mean: () => meanInterval(values, 0.95),
    ratio: () => ratioInterval(values, [1, 1, 1, 1, 1], 0.95),
    clustered: () => clusteredInterval(values, [1, 1, 2, 2, 3], 0.95),
    bootstrap: () => bootstrapMean(Float64Array.from(values)),
    "tested mean": () => testedMean([values], { least: 0, most: 1 }).interval(0.95),
    "tested mean over seeds": () => testedMean([values, values], { least: 0, most: 1 }).interval(0.95),
    DeLong: () => rocAucInterval([0, 1, 1, 0, 1], [values], 0.95),
    calibration: () => calibrationInterval(values, [1, 0, 1, 1, 0], options),
    "interquartile mean": () => interquartileInterval([values], options),
    improvement: () => improvementInterval([[1, 2, 3, 4, 5]], [values], options),
  };
  it.each(Object.entries(cases))("is unavailable and says which: %s", (_name, interval) => {
    const found = interval();
    expect(found.unavailable).toContain(` 2 is ${broken}`);
    expect(found).not.toHaveProperty("lower");
  });

  it("ranks nothing", () => expect(() => rocAucValues([0, 1, 1, 0, 1], [values])).toThrow(`score 2 is ${broken}`));
});
