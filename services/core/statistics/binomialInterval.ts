import betaQuantile from "@stdlib/stats-base-dists-beta-quantile";
import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import { checkCount, checkLevel } from "./checkArguments.js";
import type { Interval } from "./interval.js";
import { wilsonInterval } from "./wilson.js";

/** How an interval of a proportion is computed. */
export const binomialMethods = ["wilson", "clopper-pearson", "agresti-coull", "jeffreys"] as const;
export type BinomialMethod = (typeof binomialMethods)[number];

/**
 * An interval of a binomial proportion, two-sided.
 *
 * - `wilson`: the score interval, the default everywhere (see `wilsonInterval`).
 * - `clopper-pearson`: from the tails of the binomial distribution; covers at least the level, and mostly more. Clopper and Pearson, Biometrika 26,
 *   1934.
 * - `agresti-coull`: Wald's interval around Wilson's centre, cut at 0 and 1. Agresti and Coull, The American Statistician 52, 1998.
 * - `jeffreys`: equal tails of the posterior with Jeffreys' prior; 0 and 1 are its ends where none or all succeed. Brown, Cai and DasGupta,
 *   Statistical Science 16, 2001, section 4.1.2.
 * @param successes a whole number from 0 to `trials`
 * @param trials independent trials; with 0 the interval is `unavailable`
 * @param level confidence level, above 0 and below 1
 * @throws RangeError when a value is outside what is allowed
 */
export function binomialInterval(successes: number, trials: number, level: number, method: BinomialMethod): Interval {
  if (method === "wilson") return wilsonInterval(successes, trials, level);
  checkCount("trials", trials);
  checkCount("successes", successes, trials, "trials");
  checkLevel(level);
  const shape = { level, method, about: "examples" } as const;
  if (trials === 0) return { estimate: Number.NaN, ...shape, unavailable: "there are no examples (n = 0)" };
  return { estimate: successes / trials, ...bounds[method](successes, trials - successes, (1 - level) / 2), ...shape };
}

type Bounds = (successes: number, failures: number, tail: number) => { lower: number; upper: number };

const bounds: Record<Exclude<BinomialMethod, "wilson">, Bounds> = {
  "clopper-pearson": (successes, failures, tail) => ({
    lower: successes === 0 ? 0 : betaQuantile(tail, successes, failures + 1),
    // The upper quantile as the lower one of what is left: 1 - tail would lose the tail's digits.
    upper: failures === 0 ? 1 : 1 - betaQuantile(tail, failures, successes + 1),
  }),
  "agresti-coull": (successes, failures, tail) => {
    const squared = normalQuantile(tail, 0, 1) ** 2;
    const n = successes + failures + squared;
    const centre = (successes + squared / 2) / n;
    const half = Math.sqrt((squared * centre * (1 - centre)) / n);
    return { lower: Math.max(0, centre - half), upper: Math.min(1, centre + half) };
  },
  jeffreys: (successes, failures, tail) => ({
    lower: successes === 0 ? 0 : betaQuantile(tail, successes + 0.5, failures + 0.5),
    upper: failures === 0 ? 1 : 1 - betaQuantile(tail, failures + 0.5, successes + 0.5),
  }),
};
