import { binaryEvidence } from "./binaryEvidence.js";
import { ofClusters } from "./clusters.js";
import type { ComparisonGroup, ComparisonSettings } from "./comparison.js";
import { crossedCohensH } from "./crossedCohensH.js";
import type { Evidence, EvidencePlan } from "./evidence.js";
import { linearise, type Linearised } from "./linearise.js";
import { meanEvidence } from "./meanEvidence.js";

/**
 * The test and the interval that fit the outcomes of two groups.
 * @throws RangeError for groups with different numbers of evaluations
 */
export function gatherEvidence(
  first: ComparisonGroup,
  second: ComparisonGroup,
  settings: ComparisonSettings,
  plan: EvidencePlan,
): Evidence {
  const [a, b] = [first.evaluations, second.evaluations];
  const [only, other] = [a[0], b[0]];
  if (!only || !other || a.length !== b.length)
    throw new RangeError(`there are ${a.length} and ${b.length} evaluations; allowed: as many of each`);
  const { metric, interval = "tango", clusters } = settings;
  // Counts of right and wrong are binomial where examples are independent.
  const isShare = metric === "accuracy" && only.kind === "mean" && other.kind === "mean" && !clusters;
  if (isShare && a.length === 1) return binaryEvidence(only.values, other.values, interval, plan);
  const { rows, range, ofFirst, ofSecond } = differencesOf([first, second], settings);
  const values = (group: readonly Linearised[]) => group.map((each) => each.values);
  return {
    ...meanEvidence(rows, range, plan, isShare),
    ...(isShare && { effectSize: crossedCohensH(values(ofFirst), values(ofSecond), plan.level) }),
  };
}

/**
 * The linearised outcomes of two groups, first less second, one row a seed, and the farthest that two values can lie apart, either way: one value an
 * example, or one a group of examples that are alike.
 */
export function differencesOf(
  groups: readonly [ComparisonGroup, ComparisonGroup],
  { metric, clusters }: Pick<ComparisonSettings, "metric" | "clusters">,
) {
  const [ofFirst, ofSecond] = groups.map(({ evaluations }) => evaluations.map((outcomes) => linearise(metric, outcomes))) as [
    Linearised[],
    Linearised[],
  ];
  const ends = (group: readonly Linearised[]) => ({
    least: Math.min(...group.map(({ range }) => range.least)),
    most: Math.max(...group.map(({ range }) => range.most)),
  });
  const [a, b] = [ends(ofFirst), ends(ofSecond)];
  const rows = ofFirst.map(({ values }, seed) => lessOf(values, ofSecond[seed]?.values ?? []));
  const range = { least: a.least - b.most, most: a.most - b.least };
  return { ofFirst, ofSecond, ...(clusters ? ofClusters(rows, range, clusters) : { rows, range }) };
}

function lessOf(first: ArrayLike<number>, second: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: first.length }, (_, index) => (first[index] as number) - (second[index] as number));
}
