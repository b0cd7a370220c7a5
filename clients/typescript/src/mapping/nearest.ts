import { closest, distance } from "fastest-levenshtein";

const plain = (text: string): string => text.toLowerCase().replace(/[_-]/g, "");

/** The candidate that was probably meant, or `undefined` when none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const found = closest(plain(word), candidates.map(plain));
  const candidate = candidates.find((name) => plain(name) === found);
  return candidate !== undefined && distance(plain(word), found) <= Math.max(2, Math.floor(word.length / 3)) ? candidate : undefined;
}
