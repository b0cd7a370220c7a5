import { type BinomialMethod, binomialInterval } from "#core/statistics/binomialInterval.js";
import { cohensH } from "#core/statistics/cohensH.js";
import { equivalenceTest } from "#core/statistics/equivalenceTest.js";
import { mcnemarTest } from "#core/statistics/mcnemar.js";
import { pairedDifference, type PairedCounts } from "#core/statistics/pairedDifference.js";
import { examplesNeeded } from "#core/statistics/pairedPower.js";
import { binomialProbability, type Check, pairedTables } from "./checks.js";

// Coverage, size and power that can be summed over all outcomes, without chance.

/** Of intervals of a proportion, over shares from 0.01 to 0.99. */
export function proportionChecks(): Check[] {
  const bounds: Record<BinomialMethod, { mean: [number, number]; least: number; source: string }> = {
    wilson: { mean: [0.945, 0.96], least: 0.83, source: "Brown, Cai and DasGupta, 2001: mean near nominal, dips near 0 and 1" },
    "clopper-pearson": { mean: [0.95, 1], least: 0.95, source: "Clopper and Pearson, 1934: never below nominal" },
    "agresti-coull": { mean: [0.95, 0.98], least: 0.92, source: "Brown, Cai and DasGupta, 2001: mean above nominal" },
    jeffreys: { mean: [0.94, 0.96], least: 0.83, source: "Brown, Cai and DasGupta, 2001: mean near nominal, dips near 0 and 1" },
  };
  return (Object.keys(bounds) as BinomialMethod[]).flatMap((method) =>
    [20, 100, 400].flatMap((n): Check[] => {
      const intervals = Array.from({ length: n + 1 }, (_, successes) => binomialInterval(successes, n, 0.95, method));
      const coverages: number[] = [];
      for (let share = 0.01; share < 0.9901; share += 0.005)
        coverages.push(
          intervals.reduce(
            (sum, { lower = 1, upper = 0 }, successes) =>
              lower <= share && share <= upper ? sum + binomialProbability(successes, n, share) : sum,
            0,
          ),
        );
      const { mean, least, source } = bounds[method];
      const average = coverages.reduce((sum, value) => sum + value, 0) / coverages.length;
      return [
        { name: method, setting: `n = ${n}, mean over shares`, measure: "coverage", value: average, least: mean[0], most: mean[1], source },
        { name: method, setting: `n = ${n}, worst share`, measure: "coverage", value: Math.min(...coverages), least, most: 1, source },
      ];
    }),
  );
}

const tables = [
  { onlyFirst: 0.1, onlySecond: 0.1, both: 0.7 },
  { onlyFirst: 0.15, onlySecond: 0.05, both: 0.75 },
  { onlyFirst: 0.3, onlySecond: 0.1, both: 0.4 },
];
const named = ([both, onlyFirst, onlySecond, neither]: [number, number, number, number]): PairedCounts => ({
  both,
  onlyFirst,
  onlySecond,
  neither,
});

/** Of differences of paired proportions, and of tests of them. */
export function pairedChecks(): Check[] {
  const n = 60;
  const checks: Check[] = [];
  for (const { onlyFirst, onlySecond, both } of tables) {
    const setting = `n = ${n}, ${onlyFirst} and ${onlySecond} right alone`;
    const all = [...pairedTables(n, onlyFirst, onlySecond, both)];
    const truth = onlyFirst - onlySecond;
    const h = 2 * Math.asin(Math.sqrt(both + onlyFirst)) - 2 * Math.asin(Math.sqrt(both + onlySecond));
    const share = (holds: (counts: PairedCounts) => boolean) =>
      all.reduce((sum, { counts, probability }) => (holds(named(counts)) ? sum + probability : sum), 0);
    for (const method of ["tango", "newcombe"] as const) {
      const value = share((counts) => {
        const { lower = 1, upper = -1 } = pairedDifference(counts, 0.95, method);
        return lower <= truth && truth <= upper;
      });
      checks.push({
        name: method,
        setting,
        measure: "coverage",
        value,
        least: 0.94,
        most: 0.975,
        source: "Fagerland, Lydersen and Laake, 2014: close to nominal",
      });
    }
    const ofH = share((counts) => {
      const { lower = 9, upper = -9 } = cohensH(counts, 0.95);
      return lower <= h && h <= upper;
    });
    checks.push({
      name: "Cohen's h, delta method",
      setting,
      measure: "coverage",
      value: ofH,
      least: 0.92,
      most: 0.97,
      source: "large samples: nominal",
    });
    if (truth !== 0) {
      const size = share((counts) => equivalenceTest(counts, truth).pValue < 0.05);
      checks.push({
        name: "equivalence, two one-sided tests",
        setting: `${setting}, margin ${truth.toFixed(2)}`,
        measure: "size",
        value: size,
        least: 0,
        most: 0.06,
        source: "nominal 0.05; a score test is near it",
      });
    }
  }
  for (const disagreement of [0.1, 0.3, 0.6]) {
    const sizes = { exact: 0, mid: 0 };
    for (let found = 0; found <= n; found++)
      for (let first = 0; first <= found; first++) {
        const probability = binomialProbability(found, n, disagreement) * binomialProbability(first, found, 0.5);
        const { pValue, midP } = mcnemarTest(first, found - first);
        if (pValue < 0.05) sizes.exact += probability;
        if (midP < 0.05) sizes.mid += probability;
      }
    const setting = `n = ${n}, they disagree on ${disagreement}`;
    const source = "Fagerland, Lydersen and Laake, 2013";
    checks.push(
      {
        name: "McNemar, exact",
        setting,
        measure: "size",
        value: sizes.exact,
        least: 0,
        most: 0.05,
        source: `${source}: never above nominal`,
      },
      {
        name: "McNemar, mid-p",
        setting,
        measure: "size",
        value: sizes.mid,
        least: 0,
        most: 0.053,
        source: `${source}: seldom above nominal`,
      },
    );
  }
  return [...checks, ...powerChecks()];
}

/** What the planned number of examples shows with the exact test, which decides, and with its mid-p. */
function powerChecks(): Check[] {
  return [
    { disagreement: 0.1, difference: 0.04, power: 0.8 },
    { disagreement: 0.2, difference: 0.05, power: 0.9 },
    { disagreement: 0.3, difference: 0.06, power: 0.8 },
  ].flatMap(({ disagreement, difference, power }): Check[] => {
    const examples = examplesNeeded(difference, { disagreement, alpha: 0.05, power });
    const first = (disagreement + difference) / (2 * disagreement);
    const reached = { exact: 0, mid: 0 };
    for (let found = 0; found <= examples; found++) {
      const weight = binomialProbability(found, examples, disagreement);
      if (weight < 1e-10) continue;
      for (let right = 0; right <= found; right++) {
        const { pValue, midP } = mcnemarTest(right, found - right);
        if (!(midP < 0.05)) continue;
        const probability = weight * binomialProbability(right, found, first);
        reached.mid += probability;
        if (pValue < 0.05) reached.exact += probability;
      }
    }
    const setting = `${examples} examples for a difference of ${difference}, they disagree on ${disagreement}`;
    const most = power + 0.05;
    return [
      { name: "McNemar, exact", setting, measure: "power", value: reached.exact, least: power, most, source: "the plan, or a little more" },
      { name: "McNemar, mid-p", setting, measure: "power", value: reached.mid, least: power, most, source: "more than the exact test's" },
    ];
  });
}
