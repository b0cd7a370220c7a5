import { binaryEvidence } from "./binaryEvidence.js";
import type { ComparisonGroup, ComparisonSettings } from "./comparison.js";
import { crossedCohensH } from "./crossedCohensH.js";
import type { Evidence, EvidencePlan } from "./evidence.js";
import { linearise, type Linearised } from "./linearise.js";
import type { ComparisonMetric } from "./comparisonMetrics.js";
import { meanEvidence } from "./meanEvidence.js";

/**
 * The test and the interval that fit the outcomes of two groups.
 * @throws RangeError for groups with different numbers of evaluations
 */
export function gatherEvidence(
  first: ComparisonGroup,
  second: ComparisonGroup,
  { metric, interval = "tango" }: ComparisonSettings,
  plan: EvidencePlan,
): Evidence {
  const [a, b] = [first.evaluations, second.evaluations];
  const [only, other] = [a[0], b[0]];
  if (!only || !other || a.length !== b.length)
    throw new RangeError(`there are ${a.length} and ${b.length} evaluations; allowed: as many of each`);
  const isShare = metric === "accuracy" && only.kind === "mean" && other.kind === "mean";
  if (isShare && a.length === 1) return binaryEvidence(only.values, other.values, interval, plan);
  const { rows, range, ofFirst, ofSecond } = differencesOf([first, second], metric);
  const values = (group: readonly Linearised[]) => group.map((each) => each.values);
  return {
    ...meanEvidence(rows, range, plan, isShare),
    ...(isShare && { effectSize: crossedCohensH(values(ofFirst), values(ofSecond), plan.level) }),
  };
}

/** The linearised outcomes of two groups, first less second, one row a seed, and the farthest that two values can lie apart, either way. */
export function differencesOf(groups: readonly [ComparisonGroup, ComparisonGroup], metric: ComparisonMetric) {
  const [ofFirst, ofSecond] = groups.map(({ evaluations }) => evaluations.map((outcomes) => linearise(metric, outcomes))) as [
    Linearised[],
    Linearised[],
  ];
  const ends = (group: readonly Linearised[]) => ({
    least: Math.min(...group.map(({ range }) => range.least)),
    most: Math.max(...group.map(({ range }) => range.most)),
  });
  const [a, b] = [ends(ofFirst), ends(ofSecond)];
  return {
    ...{ ofFirst, ofSecond },
    rows: ofFirst.map(({ values }, seed) => lessOf(values, ofSecond[seed]?.values ?? [])),
    range: { least: a.least - b.most, most: a.most - b.least },
  };
}

function lessOf(first: ArrayLike<number>, second: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: first.length }, (_, index) => (first[index] as number) - (second[index] as number));
}
