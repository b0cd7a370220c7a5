import type { CrossedMean } from "./crossedMean.js";

/** Variances of one value, none below 0. */
export interface VarianceComponents {
  seedVariance: number;
  exampleVariance: number;
  residualVariance: number;
}

/**
 * Variance components by restricted maximum likelihood, which are 0 or above. The restricted likelihood of a balanced crossed table is that of its three
 * independent mean squares, each a scaled chi-square: where no component comes out negative by the method of moments both are the same, otherwise mean
 * squares are pooled, by their degrees of freedom, until none of seeds or examples is below that of the residual. Source: Searle, Casella and McCulloch,
 * Variance Components, 1992, section 6.6; that pooling finds the maximum, Robertson, Wright and Dykstra, Order Restricted Statistical Inference, 1988,
 * section 1.5.
 */
export function remlComponents({ seeds, examples, seedVariance, exampleVariance, residualVariance }: CrossedMean): VarianceComponents {
  const sources = [
    { square: residualVariance + examples * seedVariance, freedom: seeds - 1 },
    { square: residualVariance + seeds * exampleVariance, freedom: examples - 1 },
  ];
  let [residual, freedom] = [residualVariance, (seeds - 1) * (examples - 1)];
  // The smaller one first: pooling it lowers the residual, so that the other may stand.
  for (const source of sources.toSorted((a, b) => a.square - b.square)) {
    if (source.square >= residual) continue;
    residual = (residual * freedom + source.square * source.freedom) / (freedom + source.freedom);
    freedom += source.freedom;
  }
  const [ofSeeds, ofExamples] = sources.map(({ square }) => Math.max(0, square - residual)) as [number, number];
  return { seedVariance: ofSeeds / examples, exampleVariance: ofExamples / seeds, residualVariance: residual };
}
