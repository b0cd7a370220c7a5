import { quote } from "../quote.js";
import type { ComparisonGroup, ComparisonSettings } from "./comparison.js";
import { comparisonFaults } from "./comparisonFaults.js";
import { type ComparisonMetric, metricFacts } from "./comparisonMetrics.js";
import { exampleCount, type Outcomes } from "./outcomes.js";

/** @throws RangeError that names everything that does not fit together */
export function checkComparison(groups: readonly ComparisonGroup[], settings: ComparisonSettings): void {
  const names = groups.map(({ name }) => name);
  const ofSettings = comparisonFaults(settings, names).map(({ field, description }) => `${field}: ${description}`);
  const faults = [...ofSettings, ...pairFaults(groups, settings), ...groupFaults(groups, settings), ...clusterFaults(groups, settings)];
  if (faults.length > 0) throw new RangeError(faults.join("\n"));
}

function clusterFaults(groups: readonly ComparisonGroup[], { clusters }: ComparisonSettings): string[] {
  const outcomes = groups[0]?.evaluations[0];
  if (!clusters || !outcomes || clusters.length === exampleCount(outcomes)) return [];
  return [`clusters has ${clusters.length} places, and there are ${exampleCount(outcomes)} examples; allowed: the group of each example`];
}

function pairFaults(groups: readonly ComparisonGroup[], { pairs = [] }: ComparisonSettings): string[] {
  const faults: string[] = [];
  for (const name of pairs.flat())
    if (!groups.some((group) => group.name === name))
      faults.push(`a pair names ${quote(name)}; allowed: ${groups.map((group) => quote(group.name)).join(", ")}`);
  for (const [first, second] of pairs) if (first === second) faults.push(`a pair has ${quote(first)} twice; allowed: two groups`);
  return faults;
}

function groupFaults(groups: readonly ComparisonGroup[], { metric }: ComparisonSettings): string[] {
  const faults: string[] = [];
  if (groups.length < 2) faults.push(`there are ${groups.length} groups; at least two are needed`);
  const names = new Set<string>();
  for (const { name } of groups) {
    if (names.has(name)) faults.push(`two groups are called ${quote(name)}; every group needs a name of its own`);
    names.add(name);
  }
  const seeds = groups[0]?.evaluations.length ?? 0;
  const expected = groups[0]?.evaluations[0];
  const sorted = (of?: readonly number[]) => of?.toSorted((a, b) => a - b).join(", ");
  for (const { name, evaluations, seeds: own } of groups) {
    const count = evaluations.length;
    if (own && own.length !== count)
      faults.push(`group ${quote(name)} has ${count} evaluations and ${own.length} seeds; allowed: as many of each`);
    else if (own && new Set(own).size < own.length)
      faults.push(`group ${quote(name)} has a seed twice: ${sorted(own)}; allowed: every seed once`);
    else if (count === seeds && seeds > 1 && sorted(own) !== sorted(groups[0]?.seeds))
      faults.push(
        `group ${quote(name)} has the seeds ${sorted(own) ?? "(not given)"}, the first group ${sorted(groups[0]?.seeds) ?? "(not given)"}; allowed: the same in every group`,
      );
    if (count === 0) faults.push(`group ${quote(name)} has no evaluation`);
    else if (count !== seeds)
      faults.push(`group ${quote(name)} has ${count} evaluations, the first group ${seeds}; allowed: as many in every group`);
    for (const outcomes of evaluations) {
      if (exampleCount(outcomes) === 0) faults.push(`an evaluation of group ${quote(name)} has no examples`);
      const outcome = wrongOutcome(metric, outcomes);
      const allowed = metric === "accuracy" && outcomes.kind === "mean" ? "0 (wrong) and 1 (right)" : "finite numbers";
      if (outcome !== undefined) faults.push(`an outcome of group ${quote(name)} is ${outcome}; allowed: ${allowed}`);
      if (!expected) continue;
      if (exampleCount(outcomes) !== exampleCount(expected))
        faults.push(
          `an evaluation of group ${quote(name)} has ${exampleCount(outcomes)} examples, the first one ${exampleCount(expected)}`,
        );
      if (outcomes.kind !== expected.kind)
        faults.push(
          `an evaluation of group ${quote(name)} has outcomes of kind ${quote(outcomes.kind)}, the first one ${quote(expected.kind)}`,
        );
      if (outcomes.kind === "classes" && !metricFacts[metric].ofClasses) faults.push(`${metric} is not computed from a confusion matrix`);
    }
  }
  return faults;
}

/** The first outcome that cannot be one: a share is made of 0 (wrong) and 1 (right), and everything of finite numbers. */
function wrongOutcome(metric: ComparisonMetric, outcomes: Outcomes): number | undefined {
  const all = outcomes.kind === "mean" ? [outcomes.values] : outcomes.kind === "ratio" ? [outcomes.sums, outcomes.counts] : [];
  const isBinary = metric === "accuracy" && outcomes.kind === "mean";
  for (const values of all)
    for (let index = 0; index < values.length; index++) {
      const value = values[index] as number;
      if (isBinary ? value !== 0 && value !== 1 : !Number.isFinite(value)) return value;
    }
  return undefined;
}
