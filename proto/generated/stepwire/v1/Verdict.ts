// Original file: stepwire/v1/comparison.proto

/**
 * Of the first group against the second.
 */
export const Verdict = {
  VERDICT_UNSPECIFIED: 'VERDICT_UNSPECIFIED',
  VERDICT_BETTER: 'VERDICT_BETTER',
  VERDICT_WORSE: 'VERDICT_WORSE',
  /**
   * The difference is smaller than the margin, also where it is not 0.
   */
  VERDICT_EQUIVALENT: 'VERDICT_EQUIVALENT',
  VERDICT_INCONCLUSIVE: 'VERDICT_INCONCLUSIVE',
} as const;

/**
 * Of the first group against the second.
 */
export type VerdictInput =
  | 'VERDICT_UNSPECIFIED'
  | 0
  | 'VERDICT_BETTER'
  | 1
  | 'VERDICT_WORSE'
  | 2
  /**
   * The difference is smaller than the margin, also where it is not 0.
   */
  | 'VERDICT_EQUIVALENT'
  | 3
  | 'VERDICT_INCONCLUSIVE'
  | 4

/**
 * Of the first group against the second.
 */
export type Verdict = typeof Verdict[keyof typeof Verdict]
