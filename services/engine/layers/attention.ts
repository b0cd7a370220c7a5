import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { useKernels } from "../kernels.js";
import { add, batchMatMul, concatRows, free, gatherRows, mul, reshape, scale, sub, sumAxis } from "../ops.js";
import { runOp, runOpOutputs, tf } from "../tensorflow.js";
import { applyMask, type DropoutKey, keepMask, type SeedWords, seedWords } from "./dropout.js";

/** Sequences that attend together, padded to one length, and where their tokens stand. */
export interface AttentionGroup {
  /** Sequences times heads. */
  batch: number;
  /** Padded length. */
  length: number;
  /** int32 [batch * length]: the place of each (sequence, head, position) in the rows seen as [rows * heads, d]; padding points to a row of no token. */
  gather: Tensor;
  /** [batch, 1, length]: 0 for a token, a very negative number for padding; `undefined` when there is no padding. */
  bias: Tensor | undefined;
}

/** Where a sequence is among the rows, and where in its group. */
export interface AttentionSequence {
  first: number;
  length: number;
  group: number;
  /** Among the group's sequences. */
  place: number;
}

/** Where every token of a packed batch stands in attention. */
export interface AttentionLayout {
  heads: number;
  /** In the order of their rows. */
  sequences: readonly AttentionSequence[];
  groups: readonly AttentionGroup[];
  /** int32 [rows * heads]: the place of each (row, head) in the groups' results, one after another; rows of no token point behind them. */
  scatter: Tensor;
}

interface GroupSaved {
  /** [batch, length, d] each; the queries are scaled. */
  query: Tensor;
  key: Tensor;
  value: Tensor;
  context: Tensor;
  /** [batch, length, length], before dropout. */
  probabilities: Tensor;
  kept: Tensor | undefined;
}

/** What the twin saves per group, owned here. */
interface TwinSaved {
  layout: AttentionLayout;
  groups: GroupSaved[];
  rate: number;
}

/** The rows, where their sequences are [n, 6], and the log of the softmax's denominators [rows, heads], owned here; y is the caller's. */
interface KernelSaved {
  q: Tensor;
  k: Tensor;
  v: Tensor;
  sequences: Tensor;
  y: Tensor;
  normaliser: Tensor;
  heads: number;
  rate: number;
}

export type AttentionSaved = TwinSaved | KernelSaved;

/**
 * Softmax attention over each sequence, several heads: softmax(q k' / sqrt(d)) v. Rows of no token attend to nothing and nothing attends to them.
 * Source: Vaswani et al., "Attention Is All You Need", arXiv:1706.03762; dropout on the probabilities as in BERT.
 * @param q queries [rows, hidden], k keys, v values likewise; they are owned here from now on
 * @param rate of dropout; `key` `undefined`: none
 * @returns y [rows, hidden], which must live until `backward`; 0 for rows of no token
 */
export function forward(
  inputs: { q: Tensor; k: Tensor; v: Tensor },
  layout: AttentionLayout,
  rate: number,
  key: DropoutKey | undefined,
  place: string,
): { y: Tensor; saved: AttentionSaved } {
  return (useKernels() ? kernelForward : twinForward)(inputs, layout, key === undefined ? 0 : rate, (group) =>
    key === undefined ? [0, 0] : seedWords(key, `${place}/group ${group}`),
  );
}

/**
 * Frees what `forward` saved.
 * @param dy [rows, hidden]; rows of no token must be 0
 * @returns gradients of q, k and v, [rows, hidden] each; 0 for rows of no token
 */
export function backward(dy: Tensor, saved: AttentionSaved): { dq: Tensor; dk: Tensor; dv: Tensor } {
  return "groups" in saved ? twinBackward(dy, saved) : kernelBackward(dy, saved);
}

type Forward = (
  inputs: { q: Tensor; k: Tensor; v: Tensor },
  layout: AttentionLayout,
  rate: number,
  seedOf: (group: number) => SeedWords,
) => { y: Tensor; saved: AttentionSaved };

const kernelForward: Forward = ({ q, k, v }, { heads, sequences, groups }, rate, seedOf) => {
  const seeds = groups.map((_, index) => seedOf(index));
  const rows = sequences.map(({ first, length, group, place }) => {
    const line = groups[group]?.length ?? length;
    const [one, two] = seeds[group] ?? [0, 0];
    return [first, length, one, two, place * heads * line * line, line];
  });
  const table = tf.tensor2d(rows, [rows.length, 6], "int32");
  const attributes = { heads: { int: heads }, rate: { float: rate } };
  const [y, normaliser] = runOpOutputs("StepwireAttention", [q, k, v, table], attributes, 2) as [Tensor, Tensor];
  return { y, saved: { q, k, v, sequences: table, y, normaliser, heads, rate } };
};

function kernelBackward(
  dy: Tensor,
  { q, k, v, sequences, y, normaliser, heads, rate }: KernelSaved,
): { dq: Tensor; dk: Tensor; dv: Tensor } {
  const attributes = { heads: { int: heads }, rate: { float: rate } };
  const inputs = [q, k, v, sequences, y, normaliser, dy];
  const [dq, dk, dv] = runOpOutputs("StepwireAttentionGrad", inputs, attributes, 3) as [Tensor, Tensor, Tensor];
  free(q, k, v, sequences, normaliser);
  return { dq, dk, dv };
}

const twinForward: Forward = ({ q, k, v }, layout, rate, seedOf) => {
  const width = (q.shape[1] as number) / layout.heads;
  const scaled = scale(q, 1 / Math.sqrt(width));
  const groups = layout.groups.map((group, index) => {
    const [query, keys, value] = [scaled, k, v].map((rows) => pad(rows, group, layout.heads)) as [Tensor, Tensor, Tensor];
    const probabilities = softmax(batchMatMul(query, keys, false, true), group.bias);
    const kept = rate === 0 ? undefined : keepMask(probabilities.shape, rate, seedOf(index));
    const used = kept ? applyMask(probabilities, kept, 1) : probabilities;
    const mixed = batchMatMul(used, value);
    const context = kept ? scale(mixed, 1 / (1 - rate)) : mixed;
    if (kept) free(used, mixed);
    return { query, key: keys, value, context, probabilities, kept };
  });
  free(scaled);
  const y = unpad(
    groups.map(({ context }) => context),
    layout,
    q.shape,
  );
  free(q, k, v);
  return { y, saved: { layout, groups, rate } };
};

function twinBackward(dy: Tensor, { layout, groups, rate }: TwinSaved): { dq: Tensor; dk: Tensor; dv: Tensor } {
  const parts = groups.map((saved, index) => groupBackward(dy, saved, layout.groups[index] as AttentionGroup, layout.heads, rate));
  const width = (dy.shape[1] as number) / layout.heads;
  const join = (which: "dq" | "dk" | "dv") => {
    const tensors = parts.map((part) => part[which]);
    const joined = unpad(tensors, layout, dy.shape);
    free(...tensors);
    return joined;
  };
  const dScaled = join("dq");
  const dq = scale(dScaled, 1 / Math.sqrt(width));
  free(dScaled);
  return { dq, dk: join("dk"), dv: join("dv") };
}

function groupBackward(
  dy: Tensor,
  saved: GroupSaved,
  group: AttentionGroup,
  heads: number,
  rate: number,
): Record<"dq" | "dk" | "dv", Tensor> {
  const { query, key, value, context, probabilities, kept } = saved;
  const dContext = pad(dy, group, heads);
  // sum_j p_j dp_j is the same number as context . dContext, which is shorter, and holds with dropout too.
  const products = mul(context, dContext);
  const along = sumAxis(products, 2, true);
  const dMixed = kept ? scale(dContext, 1 / (1 - rate)) : dContext;
  const used = kept ? applyMask(probabilities, kept, 1) : probabilities;
  const dv = batchMatMul(used, dMixed, true);
  const dUsed = batchMatMul(dMixed, value, false, true);
  const dProbabilities = kept ? applyMask(dUsed, kept, 1) : dUsed;
  const centred = sub(dProbabilities, along);
  const dScores = mul(probabilities, centred);
  const dq = batchMatMul(dScores, key);
  const dk = batchMatMul(dScores, query, true);
  free(query, key, value, context, probabilities, dContext, products, along, dUsed, centred, dScores);
  if (kept) free(kept, dMixed, used, dProbabilities);
  return { dq, dk, dv };
}

function softmax(scores: Tensor, bias: Tensor | undefined): Tensor {
  const masked = bias ? add(scores, bias) : scores;
  const y = runOp("Softmax", [masked]);
  free(scores);
  if (bias) free(masked);
  return y;
}

/** [rows, heads * d] -> [batch, length, d]. */
function pad(rows: Tensor, { gather, batch, length }: AttentionGroup, heads: number): Tensor {
  const [count, hidden] = rows.shape as [number, number];
  const table = reshape(rows, [count * heads, hidden / heads]);
  const flat = gatherRows(table, gather);
  const y = reshape(flat, [batch, length, hidden / heads]);
  free(table, flat);
  return y;
}

/** The groups' [batch, length, d] -> [rows, heads * d]. */
function unpad(groups: readonly Tensor[], { scatter, heads }: AttentionLayout, shape: readonly number[]): Tensor {
  const width = (shape[1] as number) / heads;
  const flat = groups.map((group) => reshape(group, [group.size / width, width]));
  const nothing = tf.zeros([1, width]);
  const table = concatRows([...flat, nothing]);
  const rows = gatherRows(table, scatter);
  const y = reshape(rows, shape);
  free(...flat, nothing, table, rows);
  return y;
}
