import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import { compareGroups } from "#core/comparisons/compareGroups.js";
import { crossedCohensH } from "#core/comparisons/crossedCohensH.js";
import { meanEvidence } from "#core/comparisons/meanEvidence.js";
import { defaultIntervals } from "#core/evaluations/evaluation.js";
import { completionMetrics } from "#core/evaluations/evaluationMetrics.js";
import { calibrationInterval } from "#core/statistics/calibrationInterval.js";
import { confusionInterval, confusionMetrics } from "#core/statistics/confusionMetrics.js";
import { rocAucInterval, rocAucValues } from "#core/statistics/rocAuc.js";
import { type Check, simulations } from "./checks.js";
import { type Draws, list } from "./draws.js";

const near = "large samples: near nominal";
/** Normal scores one apart: Phi(1 / sqrt 2). */
const area = 0.7602499389;

/** Of metrics of evaluations and of their differences as Compare makes them. */
export function metricChecks(trials: number): Check[] {
  const all = simulations(trials);
  // Each trial resamples thousands of times.
  const few = simulations(Math.ceil(trials / 8));
  const resamples = 1000;
  const table = [
    [0.6, 0.1],
    [0.05, 0.25],
  ];
  const drawnTable = (random: Draws) => {
    const counts = [
      [0, 0],
      [0, 0],
    ];
    for (let example = 0; example < 300; example++) {
      const value = random.uniform();
      const [row, column] = value < 0.6 ? [0, 0] : value < 0.7 ? [0, 1] : value < 0.75 ? [1, 0] : [1, 1];
      const cells = counts[row] as number[];
      cells[column] = (cells[column] as number) + 1;
    }
    return counts;
  };
  const ofMatrix = (metric: "matthews_correlation" | "balanced_accuracy") =>
    all.coverage("bootstrap, bca", `${metric}, 300 examples, 2 classes`, confusionMetrics[metric](table), [0.93, 0.96], near, (random) =>
      confusionInterval(drawnTable(random), metric, { resamples }),
    );
  const completions = (random: Draws) => {
    const tokens = list(200, () => 1 + Math.floor(40 * random.uniform()));
    const losses = tokens.map((count) => count * 2 + Math.sqrt(count) * random.normal() + 0.3 * count * random.normal());
    const correct = tokens.map((count) => {
      const share = 0.6 + 0.4 * random.uniform();
      return list(count, () => random.uniform()).filter((value) => value < share).length;
    });
    return completionMetrics({ losses, tokens, correct }, defaultIntervals);
  };
  const none = { estimate: 0, level: 0.95, method: "delong", about: "examples" } as const;
  const methods = [0.88, 0.82];
  const angle = (share: number) => 2 * Math.asin(Math.sqrt(share));
  const differences = (random: Draws, shift: number) => Float64Array.from({ length: 60 }, () => random.normal() + shift);
  const evidence = (values: Float64Array) => {
    const { pValue, equivalenceP = 1 } = meanEvidence([values], { least: -8, most: 8 }, { level: 0.95, levels: [], margin: 0.5 });
    return { pValue, equivalenceP };
  };
  const restricted = "t test with restricted likelihood";
  return [
    few.coverage("bootstrap, bca", "calibration error 0.1 of 500 examples", 0.1, [0.9, 0.97], "biased upward", (random) => {
      const confidences = list(500, () => 0.5 + 0.5 * random.uniform());
      const isRight = confidences.map((confidence) => (random.uniform() < confidence - 0.1 ? 1 : 0));
      return calibrationInterval(confidences, isRight, { resamples });
    }),
    ofMatrix("matthews_correlation"),
    ofMatrix("balanced_accuracy"),
    all.coverage("DeLong", "ROC AUC of 150 examples, 3 classes, one-vs-rest", area, [0.92, 0.97], near, (random) => {
      const labels = list(150, (index) => index % 3);
      const scores = [0, 1, 2].map((id) => labels.map((label) => random.normal() + (label === id ? 1 : 0)));
      return rocAucInterval(labels, scores, 0.95);
    }),
    few.coverage("restricted likelihood, t", "difference of two ROC AUCs, 150 examples", 0, [0.92, 0.97], near, (random) => {
      const labels = list(150, (index) => (index % 3 === 0 ? 1 : 0));
      const shared = labels.map((label) => label + Math.SQRT1_2 * random.normal());
      const model = (name: string) => ({
        name,
        evaluations: [
          { kind: "mean" as const, values: [], ...rocAucValues(labels, [shared.map((score) => score + Math.SQRT1_2 * random.normal())]) },
        ],
      });
      return compareGroups([model("a"), model("b")], { metric: "roc_auc" }).pairs[0]?.difference ?? none;
    }),
    few.coverage("restricted likelihood, t", "difference of two losses, 100 examples", 0.5, [0.94, 1], "never below nominal", (random) => {
      const hard = list(100, () => -Math.log(random.uniform()));
      const model = (name: string, scale: number) => ({
        name,
        evaluations: [{ kind: "mean" as const, values: hard.map((loss) => 0.5 * loss - scale * Math.log(random.uniform())) }],
      });
      return compareGroups([model("a", 1), model("b", 0.5)], { metric: "loss" }).pairs[0]?.difference ?? none;
    }),
    few.coverage(
      "crossed Cohen's h",
      "5 seeds, 400 examples, 0.88 and 0.82",
      angle(0.88) - angle(0.82),
      [0.93, 1],
      "decision 0015",
      (random) => {
        const hard = list(400, () => random.normal());
        const rows = methods.map((share) =>
          list(5, () => {
            const level = Math.hypot(1, 0.05, 0.7) * normalQuantile(share, 0, 1) + 0.05 * random.normal();
            return Uint8Array.from(hard, (each) => (each + level + 0.7 * random.normal() > 0 ? 1 : 0));
          }),
        );
        return crossedCohensH(rows[0] ?? [], rows[1] ?? [], 0.95);
      },
    ),
    all.coverage(
      "e to a ratio, t",
      "perplexity of 200 completions",
      Math.exp(2),
      [0.93, 0.96],
      near,
      (random) => completions(random).perplexity ?? none,
    ),
    all.coverage(
      "ratio, t",
      "token accuracy of 200 completions",
      0.8,
      [0.93, 0.96],
      near,
      (random) => completions(random).accuracy ?? none,
    ),
    all.size(restricted, "60 normal differences", 0.04, "nominal", (random) => evidence(differences(random, 0)).pValue < 0.05),
    all.power(restricted, "60 differences shifted by 0.4", (random) => evidence(differences(random, 0.4)).pValue < 0.05),
    all.size(
      "two one-sided t tests",
      "60 differences of just the margin",
      0.04,
      "nominal",
      (random) => evidence(differences(random, 0.5)).equivalenceP < 0.05,
    ),
    all.power("two one-sided t tests", "60 differences of 0, margin 0.5", (random) => evidence(differences(random, 0)).equivalenceP < 0.05),
  ];
}
