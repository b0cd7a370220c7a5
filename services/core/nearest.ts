import { distance } from "fastest-levenshtein";

const longestWord = 200;

/**
 * The candidate that was probably meant by a misspelled word: the one with the smallest Levenshtein distance, letter case aside, of equals the one of
 * nearer length.
 * @returns undefined when even the nearest differs in more than a third of its letters (two letters for short words)
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  // No name is so long, and the distance takes time in proportion to the product of the lengths.
  if (word.length > longestWord) return undefined;
  const lower = word.toLowerCase();
  let best: { candidate: string; edits: number } | undefined;
  for (const candidate of candidates) {
    if (candidate.length > longestWord) continue;
    const edits = distance(lower, candidate.toLowerCase());
    const closerLength = best && Math.abs(candidate.length - word.length) < Math.abs(best.candidate.length - word.length);
    if (!best || edits < best.edits || (edits === best.edits && closerLength)) best = { candidate, edits };
  }
  if (!best) return undefined;
  const longer = Math.max(word.length, best.candidate.length);
  return best.edits <= Math.max(longer > 3 ? 2 : 1, Math.floor(longer / 3)) && best.edits < longer ? best.candidate : undefined;
}
