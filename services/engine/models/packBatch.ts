import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { isDecoder, type ModelConfig } from "#core/models/modelConfig.js";
import { type AttentionLayout, attentionLayout } from "../layers/attentionLayout.js";
import { free } from "../ops.js";
import { tf } from "../tensorflow.js";
import type { Encoding } from "./tokenizer.js";

/** Sequences one after another without padding: a row is a token. Behind the tokens come rows of no token, at least one. */
export interface PackedBatch {
  sequences: number;
  /** Rows that are tokens. */
  tokens: number;
  /** int32 [rows]: what each row is looked up by in the embedding tables. */
  ids: Tensor;
  positions: Tensor;
  types: Tensor;
  /** int32 [sequences]: the row of each sequence's first token, and of its last. */
  first: Tensor;
  last: Tensor;
  attention: AttentionLayout;
}

/** Row counts are rounded up to this: TensorFlow keeps one compiled matrix product for each shape it has met. */
const rowMultiple = 32;

/**
 * @param encodings at least one, best in order of length: neighbours attend in one padded group
 * @param config of the model that reads it
 * @throws RangeError when one has no token: its first and last row would be those of its neighbours
 */
export function packBatch(encodings: readonly Encoding[], config: ModelConfig): PackedBatch {
  const positionOffset = isDecoder(config) ? 0 : config.positionOffset;
  const lengths = encodings.map(({ ids }) => ids.length);
  if (lengths.includes(0)) throw new RangeError(`sequence ${lengths.indexOf(0)} of ${lengths.length} has no token`);
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  const rows = Math.ceil((tokens + 1) / rowMultiple) * rowMultiple;
  const ids = new Int32Array(rows);
  const positions = new Int32Array(rows);
  const types = new Int32Array(rows);
  const first = new Int32Array(encodings.length);
  const last = new Int32Array(encodings.length);
  let row = 0;
  for (const [index, encoding] of encodings.entries()) {
    first[index] = row;
    ids.set(encoding.ids, row);
    types.set(encoding.types, row);
    for (let position = 0; position < encoding.ids.length; position++) positions[row + position] = positionOffset + position;
    row += encoding.ids.length;
    last[index] = row - 1;
  }
  return {
    sequences: encodings.length,
    tokens,
    ids: indices(ids),
    positions: indices(positions),
    types: indices(types),
    first: indices(first),
    last: indices(last),
    attention: attentionLayout({ lengths, first, rows, padRow: tokens, ...heads(config) }),
  };
}

/** Frees a batch's index tensors. */
export function disposeBatch({ ids, positions, types, first, last, attention }: PackedBatch): void {
  free(ids, positions, types, first, last);
  attention.dispose();
}

/** How the heads of a model attend. */
function heads(config: ModelConfig): Pick<AttentionLayout, "heads" | "kvHeads" | "causal"> {
  const { heads } = config;
  return isDecoder(config) ? { heads, kvHeads: config.kvHeads, causal: true } : { heads, kvHeads: heads, causal: false };
}

function indices(values: Int32Array): Tensor {
  return tf.tensor1d(values, "int32");
}
