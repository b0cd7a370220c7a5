import { calibrationBins, type Confidence } from "./calibration.js";
import type { Interval } from "./interval.js";
import { accelerationOf } from "./resampling/bootstrapBounds.js";
import { type BootstrapOptions, bootstrapOf } from "./resampling/bootstrapInterval.js";
import { Generator } from "./resampling/generator.js";

/**
 * The bootstrap's interval of the expected calibration error. Resamples of examples have a larger error than the examples themselves, since chance adds
 * to every bin's distance: where the error is small, BCa's bounds may say that there is no interval.
 * @throws RangeError for options outside their range
 */
export function calibrationInterval(examples: readonly Confidence[], options: BootstrapOptions): Interval {
  const n = examples.length;
  // The error is the sum over bins of the absolute sum of these, over n.
  const gaps = Float64Array.from(examples, ({ confidence, isRight }) => confidence - (isRight ? 1 : 0));
  const bins = Uint8Array.from(examples, ({ confidence }) =>
    Math.min(calibrationBins - 1, Math.max(0, Math.ceil(confidence * calibrationBins) - 1)),
  );
  const sums = new Float64Array(calibrationBins);
  const add = (index: number) => {
    const bin = bins[index] as number;
    sums[bin] = (sums[bin] as number) + (gaps[index] as number);
  };
  const error = () => sums.reduce((total, sum) => total + Math.abs(sum), 0);
  for (let index = 0; index < n; index++) add(index);
  const whole = sums.slice();
  const estimate = error() / n;
  const draw = (seed: number, count: number) => {
    const values = new Float64Array(count);
    for (let resample = 0; resample < count; resample++) {
      const generator = new Generator(seed, resample);
      sums.fill(0);
      for (let drawn = 0; drawn < n; drawn++) add(generator.below(n));
      values[resample] = error() / n;
    }
    return values;
  };
  const leftOut = Array.from(gaps, (gap, index) => {
    const own = whole[bins[index] as number] as number;
    return { value: (estimate * n - Math.abs(own) + Math.abs(own - gap)) / (n - 1), count: 1 };
  });
  return bootstrapOf(
    { n, estimate, isConstant: gaps.every((gap) => gap === gaps[0]), draw, acceleration: () => accelerationOf(leftOut) },
    options,
  );
}
