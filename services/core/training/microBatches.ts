/**
 * Cuts a step into micro-batches of at most `maxTokens` tokens. Sequences of similar length stand together (longest first), so that
 * attention, the one place where a batch is padded, pads little. A sequence longer than the bound is a micro-batch of its own.
 * @param lengths tokens of each sequence, each at least 1
 * @returns for each micro-batch the indices into `lengths`
 */
export function microBatches(lengths: readonly number[], maxTokens: number): number[][] {
  const order = lengths.map((_, index) => index).toSorted((a, b) => (lengths[b] as number) - (lengths[a] as number) || a - b);
  const batches: number[][] = [];
  let tokens = Infinity;
  for (const index of order) {
    const length = lengths[index] as number;
    if (tokens + length > maxTokens) {
      batches.push([]);
      tokens = 0;
    }
    batches.at(-1)?.push(index);
    tokens += length;
  }
  return batches;
}
