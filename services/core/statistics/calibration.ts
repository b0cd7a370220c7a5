/** Bins of equal width, as is usual. */
export const calibrationBins = 15;

/** What calibration is measured from. */
export interface Confidence {
  /** Probability of the predicted class, 0 to 1. */
  confidence: number;
  isRight: boolean;
}

/** One bin of a reliability diagram. */
export interface CalibrationBin {
  examples: number;
  /** Means over the bin; NaN of an empty one. */
  confidence: number;
  accuracy: number;
}

/** @returns bins (index / bins, (index + 1) / bins]; a confidence of 0 is in the first */
export function calibrationTable(examples: Iterable<Confidence>, bins = calibrationBins): CalibrationBin[] {
  const sums = Array.from({ length: bins }, () => ({ examples: 0, confidence: 0, right: 0 }));
  for (const { confidence, isRight } of examples) {
    const bin = sums[Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1))];
    if (!bin) continue;
    bin.examples++;
    bin.confidence += confidence;
    bin.right += isRight ? 1 : 0;
  }
  return sums.map(({ examples: n, confidence, right }) => ({ examples: n, confidence: confidence / n, accuracy: right / n }));
}

/**
 * Expected calibration error: the mean distance, weighted by examples, between how sure a bin's predictions are and how often they are right. Naeini,
 * Cooper and Hauskrecht, AAAI 2015; Guo et al., ICML 2017. It is biased upward, the more the fewer examples there are in a bin.
 * @returns 0 to 1; NaN without examples
 */
export function expectedCalibrationError(table: readonly CalibrationBin[]): number {
  const total = table.reduce((sum, { examples }) => sum + examples, 0);
  return (
    table.reduce(
      (sum, { examples, confidence, accuracy }) => (examples === 0 ? sum : sum + examples * Math.abs(confidence - accuracy)),
      0,
    ) / total
  );
}
