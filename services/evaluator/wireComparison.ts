import type { ComparisonInput, FairnessLedgerInput, PairComparisonInput } from "@stepwire/proto";
import type { FairnessLedger } from "#core/comparisons/checkFairness.js";
import type { PairComparison } from "#core/comparisons/comparison.js";
import type { FairComparison } from "./comparisons/compare.js";
import { writeInterval } from "./wire.js";

// The part of `wire.ts` about comparisons.

/** A comparison as the contract shows it. */
export function writeComparison({ comparison, evaluations, fairness }: FairComparison): ComparisonInput {
  const { overall } = comparison;
  return {
    metric: comparison.metric,
    higher_is_better: comparison.higherIsBetter,
    examples: comparison.examples,
    level: comparison.level,
    ...(comparison.margin !== undefined && { margin: comparison.margin }),
    correction: comparison.correction,
    reference: comparison.reference ?? "",
    groups: comparison.groups.map(({ name, estimate }, index) => ({ name, estimate, evaluations: evaluations[index] ?? [] })),
    ...(overall && {
      overall: { test: overall.test, statistic: overall.q, degrees_of_freedom: overall.degreesOfFreedom, p_value: overall.pValue },
    }),
    pairs: comparison.pairs.map(writePair),
    fairness: writeLedger(fairness),
    example_groups: comparison.clusters ?? 0,
  };
}

function writePair(pair: PairComparison): PairComparisonInput {
  const { needed } = pair;
  return {
    first: pair.first,
    second: pair.second,
    difference: writeInterval(pair.difference),
    ...(pair.simultaneousDifference && { simultaneous_difference: writeInterval(pair.simultaneousDifference) }),
    test: pair.test,
    p_value: pair.pValue,
    ...(pair.midP !== undefined && { mid_p: pair.midP }),
    corrected_p: pair.correctedP,
    ...(pair.equivalenceP !== undefined && { equivalence_p: pair.equivalenceP }),
    ...(pair.correctedEquivalenceP !== undefined && { corrected_equivalence_p: pair.correctedEquivalenceP }),
    ...(pair.effectSize && { effect_size: writeInterval(pair.effectSize) }),
    ...(pair.minimumDetectableDifference !== undefined && { minimum_detectable_difference: pair.minimumDetectableDifference }),
    ...(needed && {
      needed: {
        ...(needed.examples !== undefined && { examples: String(needed.examples) }),
        ...(needed.seeds !== undefined && { seeds: String(needed.seeds) }),
        power: needed.power,
        what: needed.what,
      },
    }),
    verdict: `VERDICT_${pair.verdict}`,
    reason: pair.reason,
  };
}

function writeLedger({ equal, different }: FairnessLedger): FairnessLedgerInput {
  return { equal, different };
}
