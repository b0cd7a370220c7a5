import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { macroF1 } from "../f1.js";
import { drawBinomial } from "./binomialDraw.js";
import { bootstrapBounds } from "./bootstrapBounds.js";
import { bootstrapMean, bootstrapTable } from "./bootstrapInterval.js";
import { Generator, mostRows, resamplingVersion } from "./generator.js";
import { resampleMeans } from "./resampleMeans.js";
import { resampleTable } from "./resampleTable.js";

interface Goldens {
  generators: { seed: number; stream: number; bits: number[] }[];
  bounds: { resamples: number[]; estimate: number; acceleration: number; level: number; bca: number[]; percentile: number[] }[];
  intervals: { name: string; values: number[]; method: "bca" | "percentile"; bounds: number[]; error: number[] }[];
  tables: { matrix: number[][]; mean: number; deviation: number; quantiles: Record<string, number> }[];
  binomials: { trials: number; share: number; deciles: number[]; cdf: number[] }[];
}
const goldens = JSON.parse(
  readFileSync(new URL("../../../../test/goldens/statistics/resampling_goldens.json", import.meta.url), "utf8"),
) as Goldens;
const boundsOf = ({ lower, upper }: { lower?: number; upper?: number }) => [lower ?? Number.NaN, upper ?? Number.NaN];

describe("the generator", () => {
  it("is xoshiro128**, and gives each stream of a seed the same numbers everywhere", () => {
    // A change of these is another resampling version.
    expect(resamplingVersion).toBe(1);
    expect(goldens.generators.length).toBe(5);
    for (const { seed, stream, bits } of goldens.generators) {
      const generator = new Generator(seed, stream);
      expect(bits.map(() => generator.bits())).toEqual(bits);
    }
  });

  it("draws every index equally often, also where the bound divides no power of two", () => {
    const generator = new Generator(5, 5);
    const counts = new Array<number>(7).fill(0);
    for (let draw = 0; draw < 70_000; draw++) {
      const index = generator.below(7);
      counts[index] = (counts[index] ?? 0) + 1;
    }
    // Five standard deviations of a binomial count.
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(5 * Math.sqrt(10_000 * (6 / 7)));
    expect(new Generator(1, 1).below(mostRows)).toBeLessThan(mostRows);
  });

  it("has streams that are not alike", () => {
    const means = Array.from({ length: 2000 }, (_, stream) => new Generator(3, stream).uniform());
    const mean = means.reduce((sum, value) => sum + value, 0) / means.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / 2000));
    const pairs = means.slice(1).reduce((sum, value, index) => sum + (value - 0.5) * ((means[index] ?? 0) - 0.5), 0) / 1999;
    expect(Math.abs(pairs)).toBeLessThan(5 / 12 / Math.sqrt(2000));
  });

  it("sums draws as it draws them one by one", () => {
    const values = Float64Array.from({ length: 1003 }, (_, index) => index ** 2);
    const one = new Generator(8, 2);
    let sum = 0;
    for (let draw = 0; draw < values.length; draw++) sum += values[one.below(values.length)] as number;
    const all = new Generator(8, 2);
    expect(all.sumOfDraws(values)).toBe(sum);
    expect(all.bits()).toBe(one.bits());
  });
});

describe("a binomial draw", () => {
  it("has scipy's distribution, by inversion and by rejection", () => {
    const draws = 40_000;
    for (const [index, { trials, share, deciles, cdf }] of goldens.binomials.entries()) {
      const generator = new Generator(11, index);
      const values = Float64Array.from({ length: draws }, () => drawBinomial(generator, trials, share));
      for (const [place, value] of deciles.entries()) {
        const expected = cdf[place] as number;
        const found = values.filter((each) => each <= value).length / draws;
        expect(Math.abs(found - expected), `${trials} ${share} ${value}`).toBeLessThan(5 * Math.sqrt((expected * (1 - expected)) / draws));
      }
    }
  });

  it("is certain at shares of 0 and 1", () => {
    const generator = new Generator(0, 0);
    expect([drawBinomial(generator, 9, 0), drawBinomial(generator, 9, 1), drawBinomial(generator, 0, 0.5)]).toEqual([0, 9, 0]);
  });
});

describe("bootstrap bounds", () => {
  it("of given resamples are those of scipy's formulas", () => {
    for (const { resamples, estimate, acceleration, level, bca, percentile } of goldens.bounds) {
      const sample = () => ({ resamples: Float64Array.from(resamples), estimate, acceleration });
      for (const [method, expected] of [
        ["bca", bca],
        ["percentile", percentile],
      ] as const) {
        const found = boundsOf(bootstrapBounds(sample(), level, method) ?? {});
        expect(found[0]).toBeCloseTo(expected[0] as number, 10);
        expect(found[1]).toBeCloseTo(expected[1] as number, 10);
      }
    }
  });

  it("of a mean agree with scipy's bootstrap within its Monte Carlo error", () => {
    for (const { values, method, bounds, error } of goldens.intervals) {
      const found = boundsOf(bootstrapMean(Float64Array.from(values), { method, seed: 7 }));
      for (const [side, expected] of bounds.entries())
        expect(Math.abs((found[side] as number) - expected)).toBeLessThanOrEqual(6 * (error[side] as number) + 1e-12);
    }
  });
});

describe("a resampled table", () => {
  it("has the distribution that resampling the examples one by one has", () => {
    for (const { matrix, mean, deviation, quantiles } of goldens.tables) {
      const size = matrix.length;
      const statistic = (counts: Float64Array) =>
        macroF1(Array.from({ length: size }, (_, row) => Array.from(counts.subarray(row * size, (row + 1) * size))));
      const values = resampleTable(matrix.flat(), statistic, { seed: 3, from: 0, to: 20_000 });
      const found = values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(Math.abs(found - mean)).toBeLessThan((6 * deviation) / Math.sqrt(10_000));
      values.sort();
      for (const [q, expected] of Object.entries(quantiles))
        expect(Math.abs((values[Math.floor(Number(q) * 20_000)] as number) - expected)).toBeLessThan(0.05 * deviation + 0.004);
    }
  });

  it("of two cells is the bootstrap of a share, and takes no longer for ten million examples", () => {
    const share = (counts: Float64Array) => (counts[0] as number) / ((counts[0] as number) + (counts[1] as number));
    const values = Float64Array.from({ length: 120 }, (_, index) => (index < 100 ? 1 : 0));
    const [table, rows] = [bootstrapTable([100, 20], share), bootstrapMean(values)];
    for (const side of [0, 1]) expect(Math.abs((boundsOf(table)[side] as number) - (boundsOf(rows)[side] as number))).toBeLessThan(0.01);
    const huge = bootstrapTable([9_000_000, 1_000_000], share);
    const error = Math.sqrt((0.9 * 0.1) / 1e7);
    expect((0.9 - (huge.lower ?? 0)) / error).toBeCloseTo(1.96, 1);
    expect(((huge.upper ?? 0) - 0.9) / error).toBeCloseTo(1.96, 1);
  });
});

describe("a bootstrap's interval", () => {
  const values = Float64Array.from({ length: 60 }, (_, index) => Math.sin(index) ** 3);

  it("says how its resamples were drawn, and is the same for the same seed only", () => {
    const first = bootstrapMean(values, { seed: 5 });
    expect(first).toMatchObject({ method: "bootstrap, bca", about: "examples", resampling: { version: 1, resamples: 10_000, seed: 5 } });
    expect(bootstrapMean(values, { seed: 5 })).toEqual(first);
    expect(bootstrapMean(values, { seed: 6 }).lower).not.toBe(first.lower);
  });

  it("does not hang on how the resamples are shared out", () => {
    const parts = [resampleMeans(values, { seed: 2, from: 0, to: 33 }), resampleMeans(values, { seed: 2, from: 33, to: 100 })];
    expect([...(parts[0] ?? []), ...(parts[1] ?? [])]).toEqual([...resampleMeans(values, { seed: 2, from: 0, to: 100 })]);
  });

  it("of differences turns round with them, and grows with the level", () => {
    for (const method of ["bca", "percentile"] as const) {
      const there = bootstrapMean(values, { method });
      const back = bootstrapMean(
        values.map((value) => -value),
        { method },
      );
      expect(back.lower).toBeCloseTo(-(there.upper ?? Number.NaN), 12);
      expect(back.upper).toBeCloseTo(-(there.lower ?? Number.NaN), 12);
      const widths = [0.5, 0.8, 0.95, 0.99].map((level) => {
        const { lower = 0, upper = 0 } = bootstrapMean(values, { method, level });
        return upper - lower;
      });
      expect(widths).toEqual(widths.toSorted((a, b) => a - b));
    }
  });

  it("is unavailable where the data show none, with the reason", () => {
    expect(bootstrapMean(new Float64Array(0)).unavailable).toContain("no examples");
    expect(bootstrapMean(Float64Array.of(3)).unavailable).toContain("one example");
    expect(bootstrapMean(new Float64Array(9).fill(1))).toMatchObject({ estimate: 1, unavailable: expect.stringContaining("same value") });
    expect(bootstrapTable([9, 0], () => 1).unavailable).toContain("same value");
    // One resample in many is different: both bounds would be 1.
    const nearly = bootstrapTable([400, 1], ([, wrong = 0]: ArrayLike<number> & Iterable<number>) => (wrong > 8 ? 0 : 1));
    expect(nearly).toMatchObject({ estimate: 1, unavailable: expect.stringContaining("do not vary") });
    for (const found of [bootstrapMean(new Float64Array(9).fill(1)), bootstrapTable([9, 0], () => 1)]) expect(found.lower).toBeUndefined();
  });

  it("refuses options outside their range", () => {
    expect(() => bootstrapMean(values, { resamples: 10 })).toThrow("resamples is 10; allowed");
    expect(() => bootstrapMean(values, { seed: -1 })).toThrow("seed is -1; allowed");
    expect(() => bootstrapMean(values, { level: 1 })).toThrow("level is 1");
    expect(() => resampleMeans(new Float64Array(mostRows + 1), { seed: 0, from: 0, to: 1 })).toThrow("allowed: 1 to");
  });
});
