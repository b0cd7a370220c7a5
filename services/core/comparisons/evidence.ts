import type { Interval } from "../statistics/interval.js";

/** What the data say about the difference of two groups, first less second. */
export interface Evidence {
  estimate: number;
  /** @param level confidence level, above 0 and below 1 */
  interval(level: number): Interval;
  /** The name of the test of no difference. */
  test: string;
  /** Two-sided. */
  pValue: number;
  midP?: number;
  /** The p-value of a difference of the margin or more, by two one-sided tests. */
  equivalenceP(margin: number): number;
  effectSize?(level: number): Interval;
  /** What more data would show. */
  power: Power;
}

/** How the evidence grows with the data. */
export interface Power {
  /** @returns undefined where these data show no difference that can be */
  minimumDetectableDifference(plan: PowerPlan): number | undefined;
  /** What shows a difference as large as the observed one. @returns undefined where nothing does */
  toDetect(plan: PowerPlan): Amount | undefined;
  /** What shows a difference of less than the margin if it is the observed one. @returns undefined where nothing does */
  toEquate(margin: number, plan: PowerPlan): Amount | undefined;
}

/** What a test is asked for. */
export interface PowerPlan {
  /** Of a two-sided test of no difference, and of each of the two one-sided ones. */
  alpha: number;
  /** The probability to show what is there. */
  power: number;
}

/** Data in the place of those there are. */
export interface Amount {
  examples?: number;
  /** Of each group. */
  seeds?: number;
}
