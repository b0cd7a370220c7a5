import binomialLogProbability from "@stdlib/stats-base-dists-binomial-logpmf";
import type { Interval } from "#core/statistics/interval.js";
import { draws, type Draws } from "./draws.js";

/** One line of the table: what an interval or a test comes to, and between what it has to lie. */
export interface Check {
  name: string;
  setting: string;
  /** What is measured, for example "coverage" or "size". */
  measure: string;
  value: number;
  least: number;
  most: number;
  /** Where the bounds come from. */
  source: string;
}

/** A share that is simulated may miss its value by three standard errors. */
export function monteCarlo(share: number, trials: number): number {
  return 3 * Math.sqrt((share * (1 - share)) / trials);
}

/** Makes checks of so many trials each; what is allowed is widened by the Monte Carlo error. */
export function simulations(trials: number) {
  const coverage = (
    name: string,
    setting: string,
    truth: number,
    [least, most]: [number, number],
    source: string,
    interval: Parameters<typeof simulatedCoverage>[3],
  ): Check => {
    const error = monteCarlo(0.95, trials);
    const value = simulatedCoverage(`${name}/${setting}`, truth, trials, interval);
    return { name, setting, measure: "coverage", value, least: Math.max(0, least - error), most: most + error, source };
  };
  /** Where a size above nominal is known and said. */
  const sizeUpTo = (
    most: number,
    name: string,
    setting: string,
    least: number,
    source: string,
    rejects: Parameters<typeof simulatedRejection>[2],
  ): Check => ({
    ...{
      name,
      setting,
      measure: "size",
      least: Math.max(0, least - monteCarlo(0.05, trials)),
      most: most + monteCarlo(most, trials),
      source,
    },
    value: simulatedRejection(`${name}/${setting}`, trials, rejects),
  });
  const size = (...rest: Tail<Parameters<typeof sizeUpTo>>) => sizeUpTo(0.05, ...rest);
  const power = (name: string, setting: string, rejects: Parameters<typeof simulatedRejection>[2]): Check => ({
    ...{ name, setting, measure: "power", least: 0.5, most: 1, source: "printed to be seen" },
    value: simulatedRejection(`power/${name}/${setting}`, trials, rejects),
  });
  return { coverage, size, sizeUpTo, power };
}

type Tail<T extends readonly unknown[]> = T extends readonly [unknown, ...infer Rest] ? Rest : never;

/** How often an interval holds what is true; one that is unavailable holds nothing. */
export function simulatedCoverage(name: string, truth: number, trials: number, interval: (random: Draws) => Interval): number {
  let held = 0;
  for (let trial = 0; trial < trials; trial++) {
    const { lower = Infinity, upper = -Infinity } = interval(draws(1, `${name}/${trial}`));
    if (lower <= truth && truth <= upper) held++;
  }
  return held / trials;
}

/** How often a test rejects. */
export function simulatedRejection(name: string, trials: number, rejects: (random: Draws) => boolean): number {
  let rejected = 0;
  for (let trial = 0; trial < trials; trial++) if (rejects(draws(2, `${name}/${trial}`))) rejected++;
  return rejected / trials;
}

/** Probability of so many successes. */
export function binomialProbability(successes: number, trials: number, share: number): number {
  return Math.exp(binomialLogProbability(successes, trials, share));
}

/** Every table of two classifiers on n examples with its probability, those below 1e-12 left out. */
export function* pairedTables(
  n: number,
  onlyFirst: number,
  onlySecond: number,
  both: number,
): Iterable<{ counts: [number, number, number, number]; probability: number }> {
  for (let first = 0; first <= n; first++) {
    const ofFirst = binomialProbability(first, n, onlyFirst);
    if (ofFirst < 1e-12) continue;
    for (let second = 0; second <= n - first; second++) {
      const ofSecond = ofFirst * binomialProbability(second, n - first, onlySecond / (1 - onlyFirst));
      if (ofSecond < 1e-12) continue;
      for (let right = 0; right <= n - first - second; right++) {
        const probability = ofSecond * binomialProbability(right, n - first - second, both / (1 - onlyFirst - onlySecond));
        if (probability >= 1e-12) yield { counts: [right, first, second, n - first - second - right], probability };
      }
    }
  }
}
