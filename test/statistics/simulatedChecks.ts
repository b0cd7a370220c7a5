import { compareGroups } from "#core/comparisons/compareGroups.js";
import { clusteredInterval } from "#core/statistics/clusteredInterval.js";
import { cochranQTest } from "#core/statistics/cochranQ.js";
import { macroF1 } from "#core/statistics/f1.js";
import { adjustPValues } from "#core/statistics/multipleTesting.js";
import { meanInterval, ratioInterval } from "#core/statistics/ratioInterval.js";
import { bootstrapMean, bootstrapTable } from "#core/statistics/resampling/bootstrapInterval.js";
import { rocAucInterval } from "#core/statistics/rocAuc.js";
import { type Check, simulations } from "./checks.js";
import { draws, type Draws, list } from "./draws.js";

// Coverage, size and power that only simulation tells.

const nominal = "nominal, within Monte Carlo error";

export function meanChecks(trials: number): Check[] {
  const { coverage } = simulations(trials);
  const losses = (random: Draws, n: number) => Float64Array.from({ length: n }, () => -Math.log(random.uniform()));
  const skewed = "skewed values of few examples: below nominal, as Efron, 1987, has it";
  const resamples = 1000;
  return [
    coverage("mean, t", "20 normal values", 0, [0.95, 0.95], nominal, (random) =>
      meanInterval(
        list(20, () => random.normal()),
        0.95,
      ),
    ),
    coverage("ratio, t", "100 completions of 1 to 40 tokens", 2, [0.93, 0.96], "linearised: near nominal", (random) => {
      const examples = list(100, () => {
        const count = 1 + Math.floor(40 * random.uniform());
        return { sum: count * 2 + Math.sqrt(count) * random.normal() + 0.3 * count * random.normal(), count };
      });
      return ratioInterval(
        examples.map(({ sum }) => sum),
        examples.map(({ count }) => count),
        0.95,
      );
    }),
    coverage("bootstrap, bca", "100 exponential losses", 1, [0.925, 0.955], skewed, (random) =>
      bootstrapMean(losses(random, 100), { resamples }),
    ),
    coverage("bootstrap, percentile", "100 exponential losses", 1, [0.915, 0.955], skewed, (random) =>
      bootstrapMean(losses(random, 100), { resamples, method: "percentile" }),
    ),
    coverage("bootstrap, bca", "accuracy 0.9 of 300 examples", 0.9, [0.935, 0.96], nominal, (random) => {
      const right = list(300, () => random.uniform()).filter((value) => value < 0.9).length;
      return bootstrapTable([right, 300 - right], ([a = 0, b = 0]: ArrayLike<number> & Iterable<number>) => a / (a + b), { resamples });
    }),
    coverage(
      "bootstrap, bca",
      "macro F1 of 300 examples, 2 classes",
      macroF1([
        [0.6, 0.1],
        [0.05, 0.25],
      ]),
      [0.93, 0.96],
      nominal,
      (random) => {
        const counts = [0, 0, 0, 0];
        for (let example = 0; example < 300; example++) {
          const value = random.uniform();
          const cell = value < 0.6 ? 0 : value < 0.7 ? 1 : value < 0.75 ? 2 : 3;
          counts[cell] = (counts[cell] ?? 0) + 1;
        }
        return bootstrapTable(
          counts,
          (c) =>
            macroF1([
              [c[0] ?? 0, c[1] ?? 0],
              [c[2] ?? 0, c[3] ?? 0],
            ]),
          { resamples },
        );
      },
    ),
    coverage("DeLong", "ROC AUC of 150 examples, a third of the class", 0.7602499389, [0.93, 0.96], "large samples: nominal", (random) => {
      const labels = list(150, (index) => (index % 3 === 0 ? 1 : 0));
      // Normal scores one apart: Phi(1 / sqrt 2).
      return rocAucInterval(labels, [labels.map((label) => random.normal() + label)], 0.95);
    }),
    coverage("clustered, t", "40 documents of 1 to 8 sentences that are alike", 0, [0.935, 0.96], nominal, (random) => {
      const groups = list(40, (group) => list(1 + (group % 8), () => group)).flat();
      const effects = list(40, () => random.normal());
      return clusteredInterval(
        groups.map((group) => (effects[group] ?? 0) + random.normal()),
        groups,
        0.95,
      );
    }),
    coverage("mean, t", "the same, as if sentences were independent", 0, [0, 0.85], "too narrow: what clustering is for", (random) => {
      const groups = list(40, (group) => list(1 + (group % 8), () => group)).flat();
      const effects = list(40, () => random.normal());
      return meanInterval(
        groups.map((group) => (effects[group] ?? 0) + random.normal()),
        0.95,
      );
    }),
  ];
}

export function testChecks(trials: number): Check[] {
  const { size, power } = simulations(trials);
  const classifiers = (random: Draws, shifts: readonly number[]) => {
    const hard = list(200, () => random.normal());
    return shifts.map((shift) => Uint8Array.from(hard, (each) => (each + 0.7 * random.normal() + 1 + shift > 0 ? 1 : 0)));
  };
  const methods = (random: Draws, shift: number) => {
    const hard = list(300, () => random.normal());
    const groups = ["a", "b"].map((name, place) => ({
      name,
      evaluations: list(5, () => {
        const level = 1.2 + shift * place + 0.05 * random.normal();
        return { kind: "mean" as const, values: Uint8Array.from(hard, (each) => (each + 0.7 * random.normal() + level > 0 ? 1 : 0)) };
      }),
    }));
    return compareGroups(groups, { metric: "accuracy" }).pairs[0]?.pValue ?? 1;
  };
  return [
    size(
      "Cochran's Q",
      "4 classifiers, 200 examples",
      0.04,
      "large samples: nominal",
      (random) => cochranQTest(classifiers(random, [0, 0, 0, 0])).pValue < 0.05,
    ),
    power(
      "Cochran's Q",
      "4 classifiers, one better by 5 points",
      (random) => cochranQTest(classifiers(random, [0, 0, 0, 0.3])).pValue < 0.05,
    ),
    size("methods of 5 seeds", "accuracy, 300 examples, seeds vary", 0, "at most nominal", (random) => methods(random, 0) < 0.05),
    power("methods of 5 seeds", "one better by about 6 points", (random) => methods(random, 0.45) < 0.05),
    size("holm", "any error among 10 true hypotheses", 0.04, nominal, (random) =>
      adjustPValues(
        list(10, () => random.uniform()),
        "holm",
      ).some((p) => p < 0.05),
    ),
    falseDiscoveries(trials),
  ];
}

/** Mean share of false discoveries among the discoveries: five of ten hypotheses are true. */
function falseDiscoveries(trials: number): Check {
  let sum = 0;
  for (let trial = 0; trial < trials; trial++) {
    const random = draws(3, `bh/${trial}`);
    const p = [...list(5, () => random.uniform()), ...list(5, () => random.uniform() ** 12)];
    const found = adjustPValues(p, "benjamini-hochberg").map((adjusted) => adjusted < 0.05);
    sum += found.slice(0, 5).filter(Boolean).length / Math.max(1, found.filter(Boolean).length);
  }
  const most = 0.025 + 3 * (0.1 / Math.sqrt(trials));
  return {
    name: "benjamini-hochberg",
    setting: "5 of 10 hypotheses are true",
    measure: "false discoveries",
    value: sum / trials,
    least: 0,
    most,
    source: "Benjamini and Hochberg, 1995: 0.05 times the share that is true",
  };
}
