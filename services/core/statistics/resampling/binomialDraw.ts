import type { Generator } from "./generator.js";

/** Below this expected number inversion is faster, and the other needs at least so many. */
const fewest = 10;

/**
 * A number of successes, drawn exactly: by inversion where few are expected, else by transformed rejection with squeeze (BTRS). Source: Hörmann,
 * Journal of Statistical Computation and Simulation 46, 1993.
 * @param trials a whole number from 0
 * @param share of successes, 0 to 1
 */
export function drawBinomial(generator: Generator, trials: number, share: number): number {
  if (trials === 0 || share <= 0) return 0;
  if (share >= 1) return trials;
  if (share > 0.5) return trials - drawBinomial(generator, trials, 1 - share);
  return trials * share < fewest ? invert(generator, trials, share) : reject(generator, trials, share);
}

/** Goes up from 0 until the probabilities that it passed exceed a uniform number. */
function invert(generator: Generator, trials: number, share: number): number {
  const odds = share / (1 - share);
  const none = Math.exp(trials * Math.log1p(-share));
  for (;;) {
    let left = generator.uniform();
    let probability = none;
    for (let successes = 0; successes <= trials; successes++) {
      if (left <= probability) return successes;
      left -= probability;
      probability *= (odds * (trials - successes)) / (successes + 1);
    }
    // Rounding left a share that belongs to no number.
  }
}

function reject(generator: Generator, trials: number, share: number): number {
  const odds = share / (1 - share);
  const deviation = Math.sqrt(trials * share * (1 - share));
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * share;
  const center = trials * share + 0.5;
  const squeeze = 0.92 - 4.2 / b;
  const alpha = (2.83 + 5.1 / b) * deviation;
  const mode = Math.floor((trials + 1) * share);
  for (;;) {
    const u = generator.uniform() - 0.5;
    const v = generator.uniform();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + center);
    if (us >= 0.07 && v <= squeeze) return k;
    if (k < 0 || k > trials) continue;
    const log = Math.log((v * alpha) / (a / (us * us) + b));
    const most =
      (mode + 0.5) * Math.log((mode + 1) / (odds * (trials - mode + 1))) +
      (trials + 1) * Math.log((trials - mode + 1) / (trials - k + 1)) +
      (k + 0.5) * Math.log((odds * (trials - k + 1)) / (k + 1)) +
      (stirling(mode) + stirling(trials - mode) - stirling(k) - stirling(trials - k));
    if (log <= most) return k;
  }
}

const exact = [
  0.08106146679532726, 0.04134069595540929, 0.02767792568499834, 0.02079067210376509, 0.01664469118982119, 0.01387612882307075,
  0.01189670994589177, 0.01041126526197209, 0.009255462182712733, 0.00833056343336287,
];

/** What Stirling's formula for log k! lacks, of k + 1. */
function stirling(k: number): number {
  if (k < exact.length) return exact[k] as number;
  const next = k + 1;
  return (1 / 12 - (1 / 360 - 1 / 1260 / (next * next)) / (next * next)) / next;
}
