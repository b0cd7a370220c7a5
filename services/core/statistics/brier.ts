/**
 * Brier's score of one example: the sum over classes of squared differences between its probability and 1 for the true class, 0 for the others. Brier,
 * Monthly Weather Review 78, 1950. Of two classes it is twice what scikit-learn's `brier_score_loss` of one of them gives.
 * @param probabilities one a class
 * @param label the true class id
 * @returns 0, certain and right, to 2, certain and wrong
 */
export function brierScore(probabilities: ArrayLike<number>, label: number): number {
  let score = 0;
  for (let index = 0; index < probabilities.length; index++) score += ((probabilities[index] as number) - (index === label ? 1 : 0)) ** 2;
  return score;
}
