import type { Range } from "../statistics/within.js";

/** Which group each example is of. Groups, such as the sentences of one document, are independent of each other; examples of one are alike. */
export type Clusters = ArrayLike<number>;

/** How many groups there are. */
export function clusterCount(clusters: Clusters): number {
  return new Set(Array.from(clusters)).size;
}

/**
 * One value a group in the place of one an example: the mean of all values plus the groups' number times what the group adds to it, so that their mean
 * is the values' mean, and their variance that of a mean whose groups are what is independent. Source: Liang and Zeger, Biometrika 73, 1986.
 * @param rows one a seed, one value an example
 * @param range of one value
 */
export function ofClusters(rows: readonly ArrayLike<number>[], range: Range, clusters: Clusters): { rows: Float64Array[]; range: Range } {
  const places = new Map<number, number>();
  const sizes: number[] = [];
  for (let index = 0; index < clusters.length; index++) {
    const id = clusters[index] as number;
    const place = places.get(id) ?? sizes.length;
    places.set(id, place);
    sizes[place] = (sizes[place] ?? 0) + 1;
  }
  const count = sizes.length;
  const largest = Math.max(...sizes);
  const scale = count / clusters.length;
  const all = { least: Infinity, most: -Infinity };
  const grouped = rows.map((row) => {
    let sum = 0;
    for (let index = 0; index < row.length; index++) sum += row[index] as number;
    const mean = sum / row.length;
    const values = new Float64Array(count).fill(mean);
    for (let index = 0; index < row.length; index++) {
      const place = places.get(clusters[index] as number) as number;
      values[place] = (values[place] as number) + scale * ((row[index] as number) - mean);
    }
    all.least = Math.min(all.least, mean + scale * largest * (range.least - mean));
    all.most = Math.max(all.most, mean + scale * largest * (range.most - mean));
    return values;
  });
  return { rows: grouped, range: all };
}
