import { improvementInterval, interquartileInterval } from "#core/statistics/scoresOverSeeds.js";
import { type Check, simulations } from "./checks.js";
import { list } from "./draws.js";

/** Of robust summaries of scores over seeds. */
export function seedChecks(trials: number): Check[] {
  const { coverage } = simulations(trials);
  const options = { level: 0.95, resamples: 1000, seed: 0 };
  const source = "percentile bootstrap of few: below nominal with five (simulated), near it with ten (Agarwal et al., 2021)";
  return [
    { seeds: 5, iqm: [0.88, 0.95], improvement: [0.9, 0.96] },
    { seeds: 10, iqm: [0.93, 0.98], improvement: [0.92, 0.97] },
  ].flatMap(({ seeds, iqm, improvement }) => [
    coverage("interquartile mean over seeds", `${seeds} seeds of normal scores`, 0, iqm as [number, number], source, (random) =>
      interquartileInterval([list(seeds, () => random.normal())], options),
    ),
    coverage(
      "probability of improvement over seeds",
      `${seeds} seeds of normal scores, a deviation apart`,
      // Phi(1 / sqrt 2).
      0.7602499389,
      improvement as [number, number],
      source,
      (random) => improvementInterval([list(seeds, () => 1 + random.normal())], [list(seeds, () => random.normal())], options),
    ),
  ]);
}
