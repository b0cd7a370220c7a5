import tCdf from "@stdlib/stats-base-dists-t-cdf";
import tQuantile from "@stdlib/stats-base-dists-t-quantile";
import { crossedFreedom } from "../statistics/crossedMean.js";
import type { Amount, Power, PowerPlan } from "./evidence.js";

/** Where the variance of a mean comes from. Components that came out negative count as 0. */
export interface VarianceParts {
  /** Undefined: one model, about whose seed nothing is said. */
  seeds?: number;
  examples: number;
  seedVariance?: number;
  exampleVariance: number;
  residualVariance?: number;
}

/** A standard error with its degrees of freedom. */
interface Precision {
  standardError: number;
  degreesOfFreedom: number;
}

/** More seeds than these are not asked for while more examples would do. */
const mostSeeds = 100;
/** Of examples, and of both: what more than so many times the data would show is not worth saying. */
const mostTimes = 1e9;

/** What more examples and more seeds show of a mean of `estimate`, were its variance components those that were found. */
export function crossedPower(estimate: number, parts: VarianceParts, now: Precision): Power {
  const { seeds, examples } = parts;
  const expected = (amount: { seeds?: number; examples: number }) => expectedPrecision(parts, amount);
  /** The cheapest data that pass: a few more seeds, else more examples, else more of both. */
  const least = (passes: (precision: Precision) => boolean): Amount | undefined => {
    if (seeds !== undefined) {
      const enough = smallest(seeds + 1, mostSeeds, (count) => passes(expected({ seeds: count, examples })));
      if (enough !== undefined) return { seeds: enough };
    }
    const held = seeds === undefined ? {} : { seeds };
    const rows = smallest(examples + 1, examples * mostTimes, (count) => passes(expected({ ...held, examples: count })));
    if (rows !== undefined || seeds === undefined) return rows === undefined ? undefined : { examples: rows };
    const times = smallest(2, mostTimes, (count) => passes(expected({ seeds: seeds * count, examples: examples * count })));
    return times === undefined ? undefined : { seeds: seeds * times, examples: examples * times };
  };
  return {
    minimumDetectableDifference: (plan) => critical(now, plan) * now.standardError,
    toDetect: (plan) => (estimate === 0 ? undefined : least((then) => Math.abs(estimate) >= critical(then, plan) * then.standardError)),
    toEquate: (margin, plan) =>
      Math.abs(estimate) >= margin ? undefined : least((then) => equivalencePower(estimate, margin, plan.alpha, then) >= plan.power),
  };
}

/** Standard errors that a difference has to be away from 0. */
function critical({ degreesOfFreedom }: Precision, { alpha, power }: PowerPlan): number {
  return -tQuantile(alpha / 2, degreesOfFreedom) + tQuantile(power, degreesOfFreedom);
}

function equivalencePower(estimate: number, margin: number, alpha: number, { standardError, degreesOfFreedom }: Precision): number {
  const least = -tQuantile(alpha, degreesOfFreedom);
  const passed = (distance: number) => tCdf(distance / standardError - least, degreesOfFreedom);
  return passed(estimate + margin) + passed(margin - estimate) - 1;
}

/** From the mean squares that the components make expect; see `crossedMean`. */
function expectedPrecision(
  { seedVariance = 0, exampleVariance, residualVariance = 0 }: VarianceParts,
  { seeds, examples }: { seeds?: number; examples: number },
): Precision {
  const ofExample = Math.max(0, exampleVariance);
  if (seeds === undefined) return { standardError: Math.sqrt(ofExample / examples), degreesOfFreedom: examples - 1 };
  const ofSeeds = residualVariance + examples * Math.max(0, seedVariance);
  const total = ofSeeds + seeds * ofExample;
  return {
    standardError: Math.sqrt(total / (seeds * examples)),
    degreesOfFreedom: crossedFreedom({ total, ofSeeds }, { seeds, examples }),
  };
}

/** The smallest whole number from `low` to `high` that passes, where all above it do. */
function smallest(low: number, high: number, passes: (count: number) => boolean): number | undefined {
  if (low > high || !passes(high)) return undefined;
  let [failed, passed] = [low - 1, high];
  while (passed - failed > 1) {
    const middle = Math.floor((failed + passed) / 2);
    if (passes(middle)) passed = middle;
    else failed = middle;
  }
  return passed;
}
