import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";

/** What a comparison of two classifiers on the same examples is planned with. */
export interface PairedPlan {
  /** Share of examples that one of the two has right and the other wrong, above 0 and at most 1. */
  disagreement: number;
  /** Two-sided level of the test, for example 0.05. */
  alpha: number;
  /** Probability to see a difference that is there, for example 0.8. */
  power: number;
}

/**
 * How many examples show a difference of accuracies with McNemar's exact test. The asymptotic one needs m = (z_alpha sqrt(d) + z_power
 * sqrt(d - difference^2))^2 / difference^2, d being the share of disagreements; the exact one about 2 / |difference| more, as corrected for continuity:
 * m (1 + sqrt(1 + 4 / (m |difference|)))^2 / 4. With them the exact test's power is what was asked for, or up to 0.03 more.
 * Source: Connor, Biometrics 43, 1987; Miettinen, Biometrics 24, 1968; the correction: Fleiss, Levin and Paik, Statistical Methods for Rates and
 * Proportions, third edition, 2003, section 4.2.
 * @param difference of the two accuracies, not 0; its size is at most the disagreement
 * @throws RangeError when a value is outside what is allowed
 */
export function examplesNeeded(difference: number, plan: PairedPlan): number {
  checkPlan(plan);
  const size = Math.abs(difference);
  if (!(size > 0 && size <= plan.disagreement))
    throw new RangeError(
      `difference is ${difference}; allowed: not 0, and between -${plan.disagreement} and ${plan.disagreement} (disagreement)`,
    );
  return Math.ceil(needed(size, plan));
}

/**
 * The smallest difference of accuracies that this many examples show: the inverse of `examplesNeeded`.
 * @returns above 0; Infinity where even a difference as large as the disagreement would not be seen
 * @throws RangeError when a value is outside what is allowed
 */
export function minimumDetectableDifference(examples: number, plan: PairedPlan): number {
  checkPlan(plan);
  if (!(examples >= 1)) throw new RangeError(`examples is ${examples}; allowed: at least 1`);
  if (needed(plan.disagreement, plan) > examples) return Infinity;
  let [missed, seen] = [0, plan.disagreement];
  for (let step = 0; step < 200; step++) {
    const middle = (missed + seen) / 2;
    if (middle === missed || middle === seen) break;
    if (needed(middle, plan) > examples) missed = middle;
    else seen = middle;
  }
  return seen;
}

function needed(size: number, { disagreement, alpha, power }: PairedPlan): number {
  const [zAlpha, zPower] = [-normalQuantile(alpha / 2, 0, 1), normalQuantile(power, 0, 1)];
  const asymptotic = ((zAlpha * Math.sqrt(disagreement) + zPower * Math.sqrt(Math.max(0, disagreement - size ** 2))) / size) ** 2;
  return (asymptotic / 4) * (1 + Math.sqrt(1 + 4 / (asymptotic * size))) ** 2;
}

function checkPlan({ disagreement, alpha, power }: PairedPlan): void {
  if (!(disagreement > 0 && disagreement <= 1)) throw new RangeError(`disagreement is ${disagreement}; allowed: above 0 and at most 1`);
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha is ${alpha}; allowed: above 0 and below 1`);
  if (!(power >= 0.5 && power < 1)) throw new RangeError(`power is ${power}; allowed: at least 0.5 and below 1`);
}
