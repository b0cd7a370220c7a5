import { describe, expect, it } from "vitest";
import { clusteredInterval } from "../statistics/clusteredInterval.js";
import { meanInterval } from "../statistics/ratioInterval.js";
import { clusterCount, ofClusters } from "./clusters.js";

const clusters = [7, 7, 7, 2, 2, 9, 4, 4, 4, 4];
const values = [1, 1, 0, 0, 1, 1, 0, 0, 1, 0];
const unit = { least: -1, most: 1 };

describe("values of groups", () => {
  it("have the values' mean, and the variance of the clustered interval", () => {
    const { rows } = ofClusters([values], unit, clusters);
    expect(rows[0]).toHaveLength(4);
    const [own, expected] = [meanInterval(rows[0] ?? [], 0.9), clusteredInterval(values, clusters, 0.9)];
    for (const name of ["estimate", "lower", "upper"] as const) expect(own[name]).toBeCloseTo(expected[name] ?? Number.NaN, 12);
  });

  it("are the values where every example is a group of its own", () => {
    const { rows, range } = ofClusters(
      [values, values.toReversed()],
      unit,
      values.map((_, index) => index),
    );
    for (const [index, value] of values.entries()) expect(rows[0]?.[index]).toBeCloseTo(value, 12);
    expect(range.least).toBeCloseTo(-1, 12);
    expect(range.most).toBeCloseTo(1, 12);
  });

  it("lie within their range, which the largest group decides", () => {
    const { rows, range } = ofClusters(
      [
        Array<number>(10)
          .fill(1)
          .map((value, index) => (clusters[index] === 4 ? -1 : value)),
      ],
      unit,
      clusters,
    );
    expect(Math.min(...(rows[0] ?? []))).toBeCloseTo(range.least, 12);
    expect(Math.max(...(rows[0] ?? []))).toBeLessThan(range.most);
  });

  it("are as many as there are groups", () => expect(clusterCount(clusters)).toBe(4));
});
