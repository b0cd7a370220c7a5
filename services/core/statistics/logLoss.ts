import { argmax } from "./argmax.js";
import type { Interval } from "./interval.js";
import { meanInterval } from "./ratioInterval.js";

/**
 * Mean cross entropy of the true classes, in nats, from logits: no probability is rounded to 0 or clipped on the way.
 * @param predictions true class id and one logit a class, for each example
 * @returns 0 or above; NaN for no example or when a logit is NaN; Infinity when a true class has the logit -Infinity
 * @throws RangeError when a label is not a class
 */
export function logLoss(predictions: readonly { label: number; logits: ArrayLike<number> }[]): number {
  let sum = 0;
  for (const [index, { label, logits }] of predictions.entries()) {
    const logit = Number.isInteger(label) ? logits[label] : undefined;
    if (logit === undefined)
      throw new RangeError(`label of example ${index} is ${label}; allowed: a whole number from 0 to ${logits.length - 1}`);
    const greatest = argmax(logits);
    const maximum = logits[greatest] as number;
    // log(sum) as log1p of what the other logits add: exact for a confident model, whose loss is close to 0.
    let others = 0;
    for (let other = 0; other < logits.length; other++) if (other !== greatest) others += Math.exp((logits[other] as number) - maximum);
    sum += maximum - logit + Math.log1p(others);
  }
  return sum / predictions.length;
}

/**
 * The same mean with its interval: around the examples, which are independent of each other.
 * @param level confidence level, above 0 and below 1
 */
export function logLossInterval(predictions: readonly { label: number; logits: ArrayLike<number> }[], level: number): Interval {
  return meanInterval(
    predictions.map((prediction) => logLoss([prediction])),
    level,
  );
}

/**
 * Probabilities of the classes.
 * @param logits one a class
 * @returns as many numbers from 0 to 1, which add up to 1
 */
export function softmax(logits: ArrayLike<number>): number[] {
  const maximum = logits[argmax(logits)] ?? Number.NaN;
  const powers = Array.from(logits, (logit) => Math.exp(logit - maximum));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}
