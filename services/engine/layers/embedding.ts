import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { add, free, gatherRows, sumIntoRows } from "../ops.js";

/** Tables of word [vocabulary, n], position [positions, n] and, where the model has it, segment type [types, n] vectors. */
export interface EmbeddingParameters {
  word: Tensor;
  position: Tensor;
  type: Tensor | undefined;
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
  sizes: { word: number; position: number; type: number | undefined };
}

/**
 * The sum of two or three table rows for each token.
 * @returns y [rows, n]
 */
export function forward(indices: EmbeddingIndices, { word, position, type }: EmbeddingParameters): { y: Tensor; saved: EmbeddingSaved } {
  const words = gatherRows(word, indices.ids);
  const positions = gatherRows(position, indices.positions);
  const placed = add(words, positions);
  free(words, positions);
  const saved = { indices, sizes: { word: rows(word), position: rows(position), type: type && rows(type) } };
  if (!type) return { y: placed, saved };
  const types = gatherRows(type, indices.types);
  const y = add(placed, types);
  free(types, placed);
  return { y, saved };
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
      type: sizes.type === undefined ? undefined : sumIntoRows(dy, indices.types, sizes.type),
    },
  };
}

function rows(table: Tensor): number {
  return table.shape[0];
}
