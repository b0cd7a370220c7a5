import { clusteredInterval } from "../statistics/clusteredInterval.js";
import type { Interval } from "../statistics/interval.js";
import { meanInterval } from "../statistics/ratioInterval.js";
import { type BootstrapOptions, bootstrapMean } from "../statistics/resampling/bootstrapInterval.js";
import type { IntervalSettings } from "./evaluation.js";

/** Up to so many examples a mean's interval is the bootstrap's; above, Student's t says the same and is much faster. */
const mostResampled = 20_000;

export function bootstrapOptions({ level, bootstrap }: IntervalSettings): BootstrapOptions {
  return { level, ...bootstrap };
}

/**
 * The mean of a loss with its interval.
 * @param values one an example
 * @param groups which group each example is of, where examples of one are alike
 */
export function lossInterval(values: Float64Array, settings: IntervalSettings, groups?: ArrayLike<number>): Interval {
  const interval = groups
    ? clusteredInterval(values, groups, settings.level)
    : values.length <= mostResampled
      ? bootstrapMean(values, bootstrapOptions(settings))
      : meanInterval(values, settings.level);
  if (Number.isFinite(interval.estimate) || values.length === 0) return interval;
  const { lower: _lower, upper: _upper, resampling: _resampling, ...rest } = interval;
  return { ...rest, unavailable: "an example's loss is not finite: the probability of its true class is 0" };
}

/** In the place of an interval that takes examples for independent. */
export function withoutGroups(interval: Interval): Interval {
  const { lower: _lower, upper: _upper, resampling: _resampling, ...rest } = interval;
  return { ...rest, unavailable: "examples of a group are alike, and this method takes all for independent" };
}
