import { calibrationBins } from "./calibration.js";
import { notFinite } from "./notFinite.js";
import type { Interval } from "./interval.js";
import { accelerationOf } from "./resampling/bootstrapBounds.js";
import { type BootstrapOptions, bootstrapOf, bootstrapTable } from "./resampling/bootstrapInterval.js";
import { Generator } from "./resampling/generator.js";

/** Up to so many examples resamples are of the examples themselves, each of which is looked at in each resample. */
const mostResampled = 20_000;
/** Of a bin's width: examples whose confidences are in the same part count as alike when more are resampled. */
const parts = 64;

/**
 * The bootstrap's interval of the expected calibration error. Resamples of examples have a larger error than the examples themselves, since chance adds
 * to every bin's distance: where the error is small, BCa's bounds may say that there is no interval.
 *
 * Of more than 20,000 examples, those of one 64th of a bin that are alike right or wrong are resampled as a count, with their mean confidence: it
 * leaves the estimate as it is and of the spread all but a millionth.
 * @param confidences probability of the predicted class, 0 to 1, one an example
 * @param isRight 1 where that class is the true one, otherwise 0
 * @throws RangeError for options outside their range
 */
export function calibrationInterval(confidences: ArrayLike<number>, isRight: ArrayLike<number>, options: BootstrapOptions): Interval {
  const broken = notFinite("confidence", confidences);
  if (broken !== undefined) {
    const { level = 0.95, method = "bca" } = options;
    return { estimate: Number.NaN, level, method: `bootstrap, ${method}`, about: "examples", unavailable: broken };
  }
  return confidences.length <= mostResampled ? ofExamples(confidences, isRight, options) : ofCells(confidences, isRight, options);
}

function ofExamples(confidences: ArrayLike<number>, isRight: ArrayLike<number>, options: BootstrapOptions): Interval {
  const n = confidences.length;
  // The error is the sum over bins of the absolute sum of these, over n.
  const gaps = Float64Array.from({ length: n }, (_, index) => (confidences[index] as number) - (isRight[index] as number));
  const bins = Uint8Array.from({ length: n }, (_, index) => cellOf(confidences[index] as number, calibrationBins));
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

function ofCells(confidences: ArrayLike<number>, isRight: ArrayLike<number>, options: BootstrapOptions): Interval {
  const cells = calibrationBins * parts;
  const counts = new Float64Array(2 * cells);
  const gaps = new Float64Array(2 * cells);
  for (let index = 0; index < confidences.length; index++) {
    const [confidence, right] = [confidences[index] as number, isRight[index] as number];
    const cell = 2 * cellOf(confidence, cells) + right;
    counts[cell] = (counts[cell] as number) + 1;
    gaps[cell] = (gaps[cell] as number) + confidence - right;
  }
  for (let cell = 0; cell < gaps.length; cell++) gaps[cell] = (gaps[cell] as number) / ((counts[cell] as number) || 1);
  const error = (drawn: Float64Array) => {
    let [total, examples] = [0, 0];
    for (let bin = 0; bin < calibrationBins; bin++) {
      let sum = 0;
      for (let cell = 2 * parts * bin; cell < 2 * parts * (bin + 1); cell++) {
        sum += (drawn[cell] as number) * (gaps[cell] as number);
        examples += drawn[cell] as number;
      }
      total += Math.abs(sum);
    }
    return total / examples;
  };
  return bootstrapTable(counts, error, options);
}

/** Which of some parts of (0, 1], each without its lower bound; 0 is in the first. */
function cellOf(confidence: number, cells: number): number {
  return Math.min(cells - 1, Math.max(0, Math.ceil(confidence * cells) - 1));
}
