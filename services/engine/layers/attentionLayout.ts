import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { free } from "../ops.js";
import { tf } from "../tensorflow.js";

/** Where a sequence is among the rows, and where in its group. */
export interface AttentionSequence {
  first: number;
  length: number;
  group: number;
  /** Among the group's sequences. */
  place: number;
}

/** Sequences that attend together where they are padded to one length. */
export interface AttentionGroup {
  /** Sequences times heads. */
  batch: number;
  /** Padded length. */
  length: number;
}

/** A group's tensors. */
export interface PaddedGroup extends AttentionGroup {
  /** int32 [batch * length]: the place of each (sequence, head, position) in the rows seen as [rows * heads, d]; padding points to a row of no token. */
  gather: Tensor;
  /**
   * Added to the scores: [batch, 1, length] with a very negative number for padding, or, where attention is causal, [1, length, length] with one
   * for every later token; `undefined` when there is nothing to hide.
   */
  bias: Tensor | undefined;
}

/** What attention by padding needs. */
export interface PaddedLayout {
  groups: readonly PaddedGroup[];
  /** int32 [rows * heads]: the place of each (row, head) in the groups' results, one after another; rows of no token point behind them. */
  scatter: Tensor;
}

/** How the heads of a packed batch attend, and where its tokens stand. */
export interface AttentionLayout {
  heads: number;
  /** Heads of keys and values; each is read by `heads / kvHeads` heads of queries, neighbours. */
  kvHeads: number;
  /** Whether a token attends only to those before it and itself. */
  causal: boolean;
  /** In the order of their rows. */
  sequences: readonly AttentionSequence[];
  groups: readonly AttentionGroup[];
  /** Made when it is first asked for; the layout's. */
  padded(): PaddedLayout;
  dispose(): void;
}

/**
 * @param packed.lengths tokens of each sequence, best in order: neighbours are padded to one length
 * @param packed.first the row of each sequence's first token
 * @param packed.rows of the batch
 * @param packed.padRow a row of no token
 */
export function attentionLayout(packed: {
  lengths: readonly number[];
  first: ArrayLike<number>;
  rows: number;
  padRow: number;
  heads: number;
  kvHeads: number;
  causal: boolean;
}): AttentionLayout {
  const { lengths, first, heads, kvHeads, causal } = packed;
  const members = similarLengths(lengths);
  const sequences = members.flatMap((group, index) =>
    group.map((member, place) => ({ first: first[member] as number, length: lengths[member] as number, group: index, place })),
  );
  const groups = members.map((group) => ({
    batch: group.length * heads,
    length: Math.max(...group.map((member) => lengths[member] as number)),
  }));
  let made: PaddedLayout | undefined;
  const layout: AttentionLayout = {
    heads,
    kvHeads,
    causal,
    sequences,
    groups,
    padded: () => (made ??= pad(layout, packed)),
    dispose() {
      if (!made) return;
      free(made.scatter);
      for (const { gather, bias } of made.groups) free(gather, ...(bias ? [bias] : []));
      made = undefined;
    },
  };
  return layout;
}

/** Kept from whoever tidies up around the first use. */
function pad({ sequences, groups, heads, causal }: AttentionLayout, { rows, padRow }: { rows: number; padRow: number }): PaddedLayout {
  const scatter = new Int32Array(rows * heads).fill(-1);
  let base = 0;
  const padded = groups.map(({ batch, length }, index): PaddedGroup => {
    const gather = new Int32Array(batch * length).fill(padRow * heads);
    const bias = new Float32Array(batch * length);
    const members = sequences.filter(({ group }) => group === index);
    for (const { first, length: own, place } of members)
      for (let head = 0; head < heads; head++) {
        const start = (place * heads + head) * length;
        for (let position = 0; position < own; position++) {
          const source = (first + position) * heads + head;
          gather[start + position] = source;
          scatter[source] = base + start + position;
        }
        bias.fill(maskedScore, start + own, start + length);
      }
    base += batch * length;
    const isPadded = members.some((member) => member.length !== length);
    const hidden = causal ? laterTokens(length) : isPadded ? tf.tensor3d(bias, [batch, 1, length]) : undefined;
    return { batch, length, gather: tf.keep(tf.tensor1d(gather, "int32")), bias: hidden && tf.keep(hidden) };
  });
  // The row behind all groups is 0.
  return {
    groups: padded,
    scatter: tf.keep(
      tf.tensor1d(
        scatter.map((place) => (place === -1 ? base : place)),
        "int32",
      ),
    ),
  };
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

/** [1, length, length]: what hides later tokens, and with them the padding, from every token. */
function laterTokens(length: number): Tensor {
  const bias = Float32Array.from({ length: length * length }, (_, place) =>
    place % length > Math.floor(place / length) ? maskedScore : 0,
  );
  return tf.tensor3d(bias, [1, length, length]);
}

const groupSpread = 16;
/** Added to the scores of what is hidden: its exponential is exactly 0 in float32. */
const maskedScore = -1e30;
