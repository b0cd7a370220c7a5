import type { CrossedComponents } from "../statistics/crossedMean.js";
import type { Interval } from "../statistics/interval.js";

/** What the data say about the difference of two groups, first less second. */
export interface Evidence {
  estimate: number;
  /** Of the estimate; left out where no variance was seen. */
  standardError?: number;
  /** Of the differences, where there are several seeds. */
  components?: CrossedComponents;
  /** @param level one of those that were planned */
  interval(level: number): Interval;
  /** The name of the test of no difference. */
  test: string;
  /** Two-sided. */
  pValue: number;
  midP?: number;
  /** The p-value of a difference of the margin or more, by two one-sided tests; left out without a margin. */
  equivalenceP?: number;
  effectSize?: Interval;
  /** What data would show; left out where these show nothing to go by. */
  outlook?: Outlook;
  /** The largest difference that there can be, as far as these data say. */
  mostDifference: number;
}

/** What is asked of the data: all at once, so that evidence keeps figures, not outcomes. */
export interface EvidencePlan {
  /** Confidence level of the effect size. */
  level: number;
  /** At which intervals will be asked for. */
  levels: readonly number[];
  /** The smallest difference that matters. */
  margin?: number;
}

/** Data in the place of those there are. */
export interface Amount {
  examples: number;
  /** Of each group. */
  seeds: number;
}

/**
 * What data of the same kind would show.
 * @param alpha of a two-sided test of no difference, and of each of the two one-sided ones
 * @param difference that there is in truth
 */
export type Outlook = (amount: Amount, alpha: number, difference: number) => Prospect;

/** How far an estimate, which is normal around the truth, has to be from what for a test to reject it. */
export interface Prospect {
  /** Standard error of the estimate. */
  standardError: number;
  /** The variance that the data happen to show decides too: in so many of 1 they are as far as each of these. */
  scenarios: readonly { weight: number; distances: Distances }[];
}

/** How far an estimate is from a hypothesis that is just rejected. */
export interface Distances {
  /** From no difference. */
  ofNone: number;
  /** Above -margin and below margin; left out without a margin. Worked out when it is asked for. */
  ofMargin?(): { above: number; below: number };
}
