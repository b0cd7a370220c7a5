import { binaryEvidence } from "./binaryEvidence.js";
import type { ComparisonGroup, ComparisonSettings } from "./comparison.js";
import { type ComparisonMetric, metricFacts } from "./comparisonMetrics.js";
import { crossedCohensH } from "./crossedCohensH.js";
import type { Evidence } from "./evidence.js";
import { linearise } from "./linearise.js";
import { crossedEvidence, pairedEvidence } from "./meanEvidence.js";
import type { Outcomes } from "./outcomes.js";
import { mostResampled, resampledEvidence, type ResamplingPlan } from "./resampledEvidence.js";

/**
 * The test and the interval that fit the outcomes of two groups.
 * @throws RangeError for groups with different numbers of evaluations
 */
export function gatherEvidence(
  first: ComparisonGroup,
  second: ComparisonGroup,
  { metric, interval = "tango" }: ComparisonSettings,
  plan: ResamplingPlan,
): Evidence {
  const [[a, ...moreOfFirst], [b, ...moreOfSecond]] = [first.evaluations, second.evaluations];
  if (!a || !b || moreOfFirst.length !== moreOfSecond.length)
    throw new RangeError(`there are ${first.evaluations.length} and ${second.evaluations.length} evaluations; allowed: as many of each`);
  const isShare = metric === "accuracy" && a.kind === "mean" && b.kind === "mean";
  if (moreOfFirst.length === 0) return isShare ? binaryEvidence(a.values, b.values, interval) : ofModels(metric, a, b, plan);
  const values = (group: ComparisonGroup) => group.evaluations.map((outcomes) => linearise(metric, outcomes));
  const [ofFirst, ofSecond] = [values(first), values(second)];
  const rows = ofFirst.map((row, index) => lessOf(row, ofSecond[index] ?? []));
  return { ...crossedEvidence(rows), ...(isShare && { effectSize: (level: number) => crossedCohensH(ofFirst, ofSecond, level) }) };
}

function ofModels(metric: ComparisonMetric, first: Outcomes, second: Outcomes, plan: ResamplingPlan): Evidence {
  const differences = lessOf(linearise(metric, first), linearise(metric, second));
  if (differences.length > mostResampled || plan.isTooMuch) return pairedEvidence(differences);
  const { ofClasses } = metricFacts[metric];
  const classes = first.kind === "classes" && second.kind === "classes" && ofClasses ? { first, second, ofMatrix: ofClasses } : undefined;
  return resampledEvidence(differences, plan, classes);
}

function lessOf(first: ArrayLike<number>, second: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: first.length }, (_, index) => (first[index] as number) - (second[index] as number));
}
