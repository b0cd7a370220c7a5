import type { Interval } from "./interval.js";

/** What a metric's values lie between. */
export interface Range {
  least: number;
  most: number;
}

/**
 * An interval cut at the ends of what its metric can be: those of Student's t and of linearisations know of none. What lies beyond is impossible, so
 * that cutting it off leaves out no truth.
 * @returns the interval itself where it is within, or unavailable
 */
export function within(interval: Interval, { least, most }: Range): Interval {
  const { lower, upper } = interval;
  if (lower === undefined || upper === undefined || (lower >= least && upper <= most)) return interval;
  return { ...interval, lower: Math.min(most, Math.max(least, lower)), upper: Math.max(least, Math.min(most, upper)) };
}
