import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import { checkCount, checkLevel } from "./checkArguments.js";
import type { Interval } from "./interval.js";

/**
 * Wilson's score interval of a binomial proportion, two-sided, without continuity correction.
 * Source: Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927; recommended for small samples and
 * extreme proportions by Brown, Cai and DasGupta, "Interval estimation for a binomial proportion", Statistical Science 16, 2001.
 * @param successes a whole number from 0 to `trials`
 * @param trials independent trials; with 0 the interval is `unavailable`
 * @param level confidence level, above 0 and below 1
 * @throws RangeError when a value is outside what is allowed
 */
export function wilsonInterval(successes: number, trials: number, level: number): Interval {
  checkCount("trials", trials);
  checkCount("successes", successes, trials, "trials");
  checkLevel(level);
  const shape = { level, method: "wilson", about: "examples" } as const;
  if (trials === 0) return { estimate: Number.NaN, ...shape, unavailable: "there are no examples (n = 0)" };

  const estimate = successes / trials;
  // The upper tail's mass, (1 - level) / 2, keeps its digits for levels close to 1, where (1 + level) / 2 would round to 1.
  const z = -normalQuantile((1 - level) / 2, 0, 1);
  const zSquared = z * z;
  const scale = trials + zSquared;
  const centre = (successes + zSquared / 2) / scale;
  const half = (z / scale) * Math.sqrt((successes * (trials - successes)) / trials + zSquared / 4);
  // At the ends one bound is known exactly, and subtracting would leave a rounding error there.
  const lower = successes === 0 ? 0 : Math.max(0, centre - half);
  const upper = successes === trials ? 1 : Math.min(1, centre + half);
  return { estimate, lower, upper, ...shape };
}
