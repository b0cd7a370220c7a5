import type { Verdict } from "./comparison.js";

/** What a verdict is given from. */
export interface VerdictInput {
  /** First less second. */
  difference: number;
  higherIsBetter: boolean;
  /** Corrected, of no difference. */
  correctedP: number;
  /** Corrected, of a difference of the margin or more; left out without a margin. */
  correctedEquivalenceP?: number;
  /** 1 less the level. */
  alpha: number;
}

/** A difference that is proved to be smaller than the margin does not matter, and makes no model better, even where it is not 0. */
export function verdictOf({ difference, higherIsBetter, correctedP, correctedEquivalenceP = 1, alpha }: VerdictInput): Verdict {
  if (correctedEquivalenceP < alpha) return "EQUIVALENT";
  if (!(correctedP < alpha) || difference === 0) return "INCONCLUSIVE";
  return difference > 0 === higherIsBetter ? "BETTER" : "WORSE";
}
