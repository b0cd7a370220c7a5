import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { add, free, gatherRows, sumIntoRows } from "../ops.js";

/** Tables of word [vocabulary, n], position [positions, n] and segment type [types, n] vectors. */
export interface EmbeddingParameters {
  word: Tensor;
  position: Tensor;
  type: Tensor;
}

/** What a row is looked up by, each int32 [rows]. */
export interface EmbeddingIndices {
  ids: Tensor;
  positions: Tensor;
  types: Tensor;
}

/** The indices, which are the caller's, and the number of rows of each table. */
export interface EmbeddingSaved {
  indices: EmbeddingIndices;
  sizes: { word: number; position: number; type: number };
}

/**
 * The sum of three table rows for each token.
 * @returns y [rows, n]
 */
export function forward(indices: EmbeddingIndices, { word, position, type }: EmbeddingParameters): { y: Tensor; saved: EmbeddingSaved } {
  const words = gatherRows(word, indices.ids);
  const positions = gatherRows(position, indices.positions);
  const types = gatherRows(type, indices.types);
  const placed = add(words, positions);
  const y = add(placed, types);
  free(words, positions, types, placed);
  return { y, saved: { indices, sizes: { word: rows(word), position: rows(position), type: rows(type) } } };
}

/**
 * @param dy [rows, n]; rows that stand for no token must be 0
 * @returns gradients in the shapes of the tables: rows that were not looked up are 0
 */
export function backward(dy: Tensor, { indices, sizes }: EmbeddingSaved): { gradients: EmbeddingParameters } {
  return {
    gradients: {
      word: sumIntoRows(dy, indices.ids, sizes.word),
      position: sumIntoRows(dy, indices.positions, sizes.position),
      type: sumIntoRows(dy, indices.types, sizes.type),
    },
  };
}

function rows(table: Tensor): number {
  return table.shape[0];
}
