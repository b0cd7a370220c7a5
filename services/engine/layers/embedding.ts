import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { RowGradient } from "../gradient.js";
import { add, free, gatherRows } from "../ops.js";

/** The tables that a model may look its tokens up in, and by what. */
const tables = { word: "ids", position: "positions", type: "types" } as const;
type Table = keyof typeof tables;
const inOrder = Object.keys(tables) as Table[];

/** Tables of word [vocabulary, n] and, where the model has them, position [positions, n] and segment type [types, n] vectors. */
export interface EmbeddingParameters {
  word: Tensor;
  position?: Tensor | undefined;
  type?: Tensor | undefined;
}

/** What a row is looked up by, each int32 [rows]. */
export type EmbeddingIndices = Readonly<Record<(typeof tables)[Table], Tensor>>;

/** The indices, which are the caller's, and the number of rows of each table. */
export interface EmbeddingSaved {
  indices: EmbeddingIndices;
  sizes: Partial<Record<Table, number>>;
}

/**
 * The sum of a row of each table for each token.
 * @returns y [rows, n]
 */
export function forward(indices: EmbeddingIndices, parameters: EmbeddingParameters): { y: Tensor; saved: EmbeddingSaved } {
  let y = gatherRows(parameters.word, indices.ids);
  const saved: EmbeddingSaved = { indices, sizes: { word: parameters.word.shape[0] } };
  for (const table of ["position", "type"] as const) {
    const parameter = parameters[table];
    if (!parameter) continue;
    const found = gatherRows(parameter, indices[tables[table]]);
    const sum = add(y, found);
    free(y, found);
    y = sum;
    saved.sizes[table] = parameter.shape[0];
  }
  return { y, saved };
}

/**
 * @param dy [rows, n]; rows that stand for no token must be 0
 * @returns gradients of the tables, of the rows that were looked up
 */
export function backward(dy: Tensor, { indices, sizes }: EmbeddingSaved): { gradients: Partial<Record<Table, RowGradient>> } {
  const gradients: Partial<Record<Table, RowGradient>> = {};
  for (const table of inOrder) {
    const size = sizes[table];
    if (size !== undefined) gradients[table] = RowGradient.of(dy, indices[tables[table]].dataSync<"int32">(), size);
  }
  return { gradients };
}
