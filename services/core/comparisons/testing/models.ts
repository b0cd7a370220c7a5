import { expect } from "vitest";
import { compareGroups } from "../compareGroups.js";
import type { Comparison, ComparisonGroup, ComparisonSettings, PairComparison } from "../comparison.js";

export const settings: ComparisonSettings = { metric: "accuracy" };
/** A group of one model that is right where it says so. */
export function model(name: string, values: ArrayLike<number>): ComparisonGroup {
  return { name, evaluations: [{ kind: "mean", values }] };
}

export function models(outcomes: readonly (readonly number[])[]): ComparisonGroup[] {
  return outcomes.map((values, index) => model(`group ${index}`, values));
}

/** Two models that disagree on so many examples. */
export function two(both: number, onlyFirst: number, onlySecond: number, neither: number): ComparisonGroup[] {
  const fill = (...counts: [number, number][]) => Uint8Array.from(counts.flatMap(([count, value]) => Array<number>(count).fill(value)));
  return [
    model("first", fill([both, 1], [onlyFirst, 1], [onlySecond, 0], [neither, 0])),
    model("second", fill([both, 1], [onlyFirst, 0], [onlySecond, 1], [neither, 0])),
  ];
}

function onlyPair(comparison: Comparison): PairComparison {
  expect(comparison.pairs).toHaveLength(1);
  return comparison.pairs[0] as PairComparison;
}

export function pairOf(groups: readonly ComparisonGroup[], more: Partial<ComparisonSettings> = {}): PairComparison {
  return onlyPair(compareGroups(groups, { ...settings, ...more }));
}
