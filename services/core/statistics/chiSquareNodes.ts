import logGamma from "@stdlib/math-base-special-gammaln";
import type { QuadratureNode } from "./gaussLegendre.js";

/**
 * Values of a chi-square variable and what share of 1 each stands for: a function's values there, weighed, add up to its mean below `most`. The nodes lie
 * on a logarithmic scale, on which what a small value of the variable does, where few degrees of freedom make it likely, is as smooth as the rest.
 * @param freedom degrees of freedom, from 1
 * @param most above 0
 * @param rule nodes between 0 and 1
 * @param neglected the share of the smallest values that is left out, such as 1e-13
 */
export function chiSquareNodes(
  freedom: number,
  most: number,
  rule: readonly QuadratureNode[],
  neglected: number,
): { value: number; weight: number }[] {
  const half = freedom / 2;
  // From the first term of the distribution function's series; of many degrees of freedom less is left out by standard deviations.
  const series = Math.LN2 + (Math.log(neglected) + logGamma(half + 1)) / half;
  const low = Math.max(series, Math.log(Math.max(Number.MIN_VALUE, freedom - 9 * Math.sqrt(2 * freedom))));
  const span = Math.log(most) - low;
  if (span <= 0) return [];
  const logScale = Math.log(span) - half * Math.LN2 - logGamma(half);
  return rule.map(({ place, weight }) => {
    const logValue = low + span * place;
    const value = Math.exp(logValue);
    return { value, weight: weight * Math.exp(logScale + half * logValue - value / 2) };
  });
}
