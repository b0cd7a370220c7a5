import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { useKernels } from "../kernels.js";
import { add, batchMatMul, concatRows, free, gatherRows, mul, reshape, scale, sub, sumAxis } from "../ops.js";
import { runOp, runOpOutputs, tf } from "../tensorflow.js";
import type { AttentionLayout, PaddedGroup } from "./attentionLayout.js";
import type { SeedWords } from "../seedWords.js";
import { applyMask, type DropoutKey, keepMask, seedWords } from "./dropout.js";

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
  attributes: Attributes;
}

/** Of the kernels. */
type Attributes = Record<string, { int: number } | { float: number }>;

export type AttentionSaved = TwinSaved | KernelSaved;

/**
 * Softmax attention over each sequence, several heads: softmax(q k' / sqrt(d)) v. Rows of no token attend to nothing and nothing attends to them.
 * Source: Vaswani et al., "Attention Is All You Need", arXiv:1706.03762; dropout on the probabilities as in BERT; heads that share keys: Ainslie
 * et al., "GQA", arXiv:2305.13245.
 * @param q queries [rows, heads * d], k keys and v values [rows, kvHeads * d]; they are owned here from now on
 * @param rate of dropout; `key` `undefined`: none
 * @returns y [rows, heads * d], which must live until `backward`; 0 for rows of no token
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
 * @param dy [rows, heads * d]; rows of no token must be 0
 * @returns gradients of q, k and v in their shapes; 0 for rows of no token
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

const kernelForward: Forward = ({ q, k, v }, { heads, kvHeads, causal, sequences, groups }, rate, seedOf) => {
  const seeds = groups.map((_, index) => seedOf(index));
  const rows = sequences.map(({ first, length, group, place }) => {
    const [one, two] = seeds[group] ?? [0, 0];
    return [first, length, one, two, place, groups[group]?.length ?? length];
  });
  const table = tf.tensor2d(rows, [rows.length, 6], "int32");
  const attributes = { heads: { int: heads }, kv_heads: { int: kvHeads }, causal: { int: causal ? 1 : 0 }, rate: { float: rate } };
  const [y, normaliser] = runOpOutputs("StepwireAttention", [q, k, v, table], attributes, 2) as [Tensor, Tensor];
  return { y, saved: { q, k, v, sequences: table, y, normaliser, attributes } };
};

function kernelBackward(
  dy: Tensor,
  { q, k, v, sequences, y, normaliser, attributes }: KernelSaved,
): { dq: Tensor; dk: Tensor; dv: Tensor } {
  const inputs = [q, k, v, sequences, y, normaliser, dy];
  const [dq, dk, dv] = runOpOutputs("StepwireAttentionGrad", inputs, attributes, 3) as [Tensor, Tensor, Tensor];
  free(q, k, v, sequences, normaliser);
  return { dq, dk, dv };
}

const twinForward: Forward = ({ q, k: givenKeys, v: givenValues }, layout, rate, seedOf) => {
  const width = (q.shape[1] as number) / layout.heads;
  const scaled = scale(q, 1 / Math.sqrt(width));
  const [k, v] = [repeatHeads(givenKeys, layout), repeatHeads(givenValues, layout)];
  const groups = layout.padded().groups.map((group, index) => {
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
  free(...new Set([q, k, v, givenKeys, givenValues]));
  return { y, saved: { layout, groups, rate } };
};

function twinBackward(dy: Tensor, { layout, groups, rate }: TwinSaved): { dq: Tensor; dk: Tensor; dv: Tensor } {
  const parts = groups.map((saved, index) => groupBackward(dy, saved, layout.padded().groups[index] as PaddedGroup, layout.heads, rate));
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
  return { dq, dk: sumHeads(join("dk"), layout), dv: sumHeads(join("dv"), layout) };
}

function groupBackward(dy: Tensor, saved: GroupSaved, group: PaddedGroup, heads: number, rate: number): Record<"dq" | "dk" | "dv", Tensor> {
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

/** [rows, kvHeads * d] -> [rows, heads * d]; x itself when every head has its own. */
function repeatHeads(x: Tensor, { heads, kvHeads }: AttentionLayout): Tensor {
  if (heads === kvHeads) return x;
  const [rows, width] = [x.shape[0], (x.shape[1] as number) / kvHeads];
  const each = reshape(x, [rows, kvHeads, 1, width]);
  const shape = tf.tensor1d([rows, kvHeads, heads / kvHeads, width], "int32");
  const repeated = runOp("BroadcastTo", [each, shape]);
  const y = reshape(repeated, [rows, heads * width]);
  free(each, shape, repeated);
  return y;
}

/** Of `repeatHeads`; frees dy: [rows, heads * d] -> [rows, kvHeads * d]. */
function sumHeads(dy: Tensor, { heads, kvHeads }: AttentionLayout): Tensor {
  if (heads === kvHeads) return dy;
  const [rows, width] = [dy.shape[0], (dy.shape[1] as number) / heads];
  const each = reshape(dy, [rows, kvHeads, heads / kvHeads, width]);
  const sum = sumAxis(each, 2);
  const dx = reshape(sum, [rows, kvHeads * width]);
  free(dy, each, sum);
  return dx;
}

function softmax(scores: Tensor, bias: Tensor | undefined): Tensor {
  const masked = bias ? add(scores, bias) : scores;
  const y = runOp("Softmax", [masked]);
  free(scores);
  if (bias) free(masked);
  return y;
}

/** [rows, heads * d] -> [batch, length, d]. */
function pad(rows: Tensor, { gather, batch, length }: PaddedGroup, heads: number): Tensor {
  const [count, hidden] = rows.shape as [number, number];
  const table = reshape(rows, [count * heads, hidden / heads]);
  const flat = gatherRows(table, gather);
  const y = reshape(flat, [batch, length, hidden / heads]);
  free(table, flat);
  return y;
}

/** The groups' [batch, length, d] -> [rows, heads * d]. */
function unpad(groups: readonly Tensor[], layout: AttentionLayout, shape: readonly number[]): Tensor {
  const { heads } = layout;
  const { scatter } = layout.padded();
  const width = (shape[1] as number) / heads;
  const flat = groups.map((group) => reshape(group, [group.size / width, width]));
  const nothing = tf.zeros([1, width]);
  const table = concatRows([...flat, nothing]);
  const rows = gatherRows(table, scatter);
  const y = reshape(rows, shape);
  free(...flat, nothing, table, rows);
  return y;
}
