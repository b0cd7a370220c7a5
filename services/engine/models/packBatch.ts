import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { EncoderConfig } from "#core/models/encoderConfig.js";
import type { AttentionGroup, AttentionLayout, AttentionSequence } from "../layers/attention.js";
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
  /** int32 [sequences]: the row of each sequence's first token. */
  first: Tensor;
  attention: AttentionLayout;
}

/** Row counts are rounded up to this: TensorFlow keeps one compiled matrix product for each shape it has met. */
const rowMultiple = 32;

/**
 * @param encodings at least one, best in order of length: neighbours attend in one padded group
 * @param model.heads of the model's attention
 * @param model.positionOffset rows of the position table before that of the first token
 */
export function packBatch(
  encodings: readonly Encoding[],
  { heads, positionOffset }: Pick<EncoderConfig, "heads" | "positionOffset">,
): PackedBatch {
  const lengths = encodings.map(({ ids }) => ids.length);
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  const rows = Math.ceil((tokens + 1) / rowMultiple) * rowMultiple;
  const ids = new Int32Array(rows);
  const positions = new Int32Array(rows);
  const types = new Int32Array(rows);
  const first = new Int32Array(encodings.length);
  let row = 0;
  for (const [index, encoding] of encodings.entries()) {
    first[index] = row;
    ids.set(encoding.ids, row);
    types.set(encoding.types, row);
    for (let position = 0; position < encoding.ids.length; position++) positions[row + position] = positionOffset + position;
    row += encoding.ids.length;
  }
  return {
    sequences: encodings.length,
    tokens,
    ids: indices(ids),
    positions: indices(positions),
    types: indices(types),
    first: indices(first),
    attention: attentionLayout(lengths, first, rows, tokens, heads),
  };
}

/** Frees a batch's index tensors. */
export function disposeBatch({ ids, positions, types, first, attention }: PackedBatch): void {
  free(ids, positions, types, first, attention.scatter);
  for (const { gather, bias } of attention.groups) free(gather, ...(bias ? [bias] : []));
}

function attentionLayout(lengths: readonly number[], first: Int32Array, rows: number, padRow: number, heads: number): AttentionLayout {
  const scatter = new Int32Array(rows * heads).fill(-1);
  const groups: AttentionGroup[] = [];
  const sequences: AttentionSequence[] = [];
  let base = 0;
  for (const members of similarLengths(lengths)) {
    const length = Math.max(...members.map((member) => lengths[member] as number));
    const batch = members.length * heads;
    const gather = new Int32Array(batch * length).fill(padRow * heads);
    const bias = new Float32Array(batch * length);
    for (const [place, member] of members.entries()) {
      sequences.push({ first: first[member] as number, length: lengths[member] as number, group: groups.length, place });
      for (let head = 0; head < heads; head++) {
        const start = (place * heads + head) * length;
        const own = lengths[member] as number;
        for (let position = 0; position < own; position++) {
          const source = ((first[member] as number) + position) * heads + head;
          gather[start + position] = source;
          scatter[source] = base + start + position;
        }
        bias.fill(maskedScore, start + own, start + length);
      }
    }
    const padded = members.some((member) => lengths[member] !== length);
    groups.push({ batch, length, gather: indices(gather), bias: padded ? tf.tensor3d(bias, [batch, 1, length]) : undefined });
    base += batch * length;
  }
  // The row behind all groups is 0.
  return { heads, sequences, groups, scatter: indices(scatter.map((place) => (place === -1 ? base : place))) };
}

/** Neighbours whose longest is at most `groupSpread` tokens longer than their shortest. */
function similarLengths(lengths: readonly number[]): number[][] {
  const groups: { members: number[]; shortest: number; longest: number }[] = [];
  for (const [index, length] of lengths.entries()) {
    const last = groups.at(-1);
    const shortest = Math.min(length, last?.shortest ?? length);
    const longest = Math.max(length, last?.longest ?? length);
    if (last !== undefined && longest - shortest <= groupSpread) Object.assign(last, { shortest, longest }).members.push(index);
    else groups.push({ members: [index], shortest: length, longest: length });
  }
  return groups.map(({ members }) => members);
}

const groupSpread = 16;
/** Added to the scores of padding: its exponential is exactly 0 in float32. */
const maskedScore = -1e30;

function indices(values: Int32Array): Tensor {
  return tf.tensor1d(values, "int32");
}
