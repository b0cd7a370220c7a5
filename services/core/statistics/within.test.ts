import { describe, expect, it } from "vitest";
import { clusteredInterval } from "./clusteredInterval.js";
import { within } from "./within.js";

const share = { least: 0, most: 1 };

describe("an interval within its metric's range", () => {
  it("ends where the metric does, and keeps its estimate", () => {
    const interval = clusteredInterval([1, 1, 1, 1, 1, 1, 1, 0, 1], [1, 1, 1, 2, 2, 2, 3, 3, 3], 0.95);
    expect(interval.upper).toBeGreaterThan(1);
    expect(within(interval, share)).toEqual({ ...interval, upper: 1 });
    const loss = { ...interval, estimate: 0.1, lower: -0.3, upper: 0.5 };
    expect(within(loss, { least: 0, most: Infinity })).toEqual({ ...loss, lower: 0 });
  });

  it("is the same where it does not reach beyond, or is unavailable", () => {
    const inside = { estimate: 0.5, lower: 0.4, upper: 0.6, level: 0.95, method: "clustered, t", about: "examples" } as const;
    expect(within(inside, share)).toBe(inside);
    const without = { estimate: 0.5, level: 0.95, method: "clustered, t", about: "examples", unavailable: "one example" } as const;
    expect(within(without, share)).toBe(without);
  });
});
