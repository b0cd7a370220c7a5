import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { useKernels } from "./kernels.js";
import { products } from "./precision.js";
import { runOp, runOpOutputs, tf } from "./tensorflow.js";

// The operations that layers are made of, by their TensorFlow names: TF.js's own functions record gradients and check types at each call,
// which costs as much as a small operation itself.

/** [m, k] x [k, n] -> [m, n], either side transposed on demand, in the precision that the process computes models in. */
export function matMul(a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor {
  switch (products()) {
    case "bfloat16 by AMX":
      // Of TensorFlow's products on the processor this one alone heeds the precision that the library was told.
      return batchMatMul(a, b, transposeA, transposeB);
    case "bfloat16 by AVX-512":
      return matMulBfloat16(a, b, transposeA, transposeB);
    default:
      return matMulFloat32(a, b, transposeA, transposeB);
  }
}

/** The same in float32, whatever the process computes models in. */
export function matMulFloat32(a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor {
  return runOp("MatMul", [a, b], { transpose_a: { bool: transposeA }, transpose_b: { bool: transposeB } });
}

/** The same with numbers that are rounded to bfloat16 first; for processors with AVX-512's bfloat16 instructions. */
export function matMulBfloat16(a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor {
  return runOp("StepwireMatMulBfloat16", [a, b], { transpose_a: { int: Number(transposeA) }, transpose_b: { int: Number(transposeB) } });
}

/** [batch, m, k] x [batch, k, n] -> [batch, m, n], or without the batch axis; either side transposed on demand. */
export function batchMatMul(a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor {
  return runOp("BatchMatMulV2", [a, b], { adj_x: { bool: transposeA }, adj_y: { bool: transposeB } });
}

/** Sum, with broadcasting. */
export function add(a: Tensor, b: Tensor): Tensor {
  return runOp("AddV2", [a, b]);
}

/** Difference, with broadcasting. */
export function sub(a: Tensor, b: Tensor): Tensor {
  return runOp("Sub", [a, b]);
}

/** Product, with broadcasting. */
export function mul(a: Tensor, b: Tensor): Tensor {
  return runOp("Mul", [a, b]);
}

/** Every number times one number. */
export function scale(a: Tensor, factor: number): Tensor {
  const scalar = tf.scalar(factor);
  const y = mul(a, scalar);
  scalar.dispose();
  return y;
}

/** [rows, n] + [n]. */
export function biasAdd(x: Tensor, bias: Tensor): Tensor {
  return runOp("BiasAdd", [x, bias]);
}

/** Sum over an axis that is dropped, or kept with length 1. */
export function sumAxis(x: Tensor, axis: number, keep = false): Tensor {
  return runOp("Sum", [x, axisTensor(axis)], { keep_dims: { bool: keep } });
}

/** Mean over an axis that is kept with length 1. */
export function meanAxis(x: Tensor, axis: number): Tensor {
  return runOp("Mean", [x, axisTensor(axis)], { keep_dims: { bool: true } });
}

/** Rows of `table` [rows, n] at `indices` [k] -> [k, n]. */
export function gatherRows(table: Tensor, indices: Tensor): Tensor {
  return runOp("GatherV2", [table, indices, axisTensor(0)]);
}

/** `size` numbers of a vector, from number `from` on. */
export function sliceVector(x: Tensor, from: number, size: number): Tensor {
  const [begin, sizes] = [tf.tensor1d([from], "int32"), tf.tensor1d([size], "int32")];
  const y = runOp("Slice", [x, begin, sizes]);
  free(begin, sizes);
  return y;
}

/** Adds row i of `rows` [k, n] to row indices[i] of a table of `size` rows of zeros -> [size, n]. */
export function sumIntoRows(rows: Tensor, indices: Tensor, size: number): Tensor {
  const count = tf.scalar(size, "int32");
  const y = runOp(useKernels() ? "StepwireSumIntoRows" : "UnsortedSegmentSum", [rows, indices, count]);
  count.dispose();
  return y;
}

/** A copy of `table` [rows, n] with row i of `rows` [k, n] added to row places[i], of which each is there once. */
export function addToRows(table: Tensor, rows: Tensor, places: Int32Array): Tensor {
  const indices = tf.tensor2d(places, [places.length, 1], "int32");
  const y = runOp("TensorScatterAdd", [table, indices, rows]);
  free(indices);
  return y;
}

/** Joins [k_i, n] tensors row-wise; with a single one the memory is shared. */
export function concatRows(parts: readonly Tensor[]): Tensor {
  const [first] = parts;
  if (first && parts.length === 1) return first.clone();
  return runOp("ConcatV2", [...parts, axisTensor(0)], { N: { int: parts.length }, T: { type: "float32" } });
}

/** Joins [k, n_i] tensors column-wise. */
export function concatColumns(parts: readonly Tensor[]): Tensor {
  return runOp("ConcatV2", [...parts, axisTensor(1)], { N: { int: parts.length }, T: { type: "float32" } });
}

/** Cuts [k, n] into parts of n / count columns. */
export function splitColumns(x: Tensor, count: number): Tensor[] {
  return runOpOutputs("Split", [axisTensor(1), x], { num_split: { int: count }, T: { type: "float32" } }, count);
}

/** The same numbers under another shape; the memory is shared. */
export function reshape(x: Tensor, shape: readonly number[]): Tensor {
  return tf.reshape(x, [...shape]);
}

/** Disposes tensors that were used for the last time. */
export function free(...tensors: readonly { dispose(): void }[]): void {
  for (const tensor of tensors) tensor.dispose();
}

/** Made once: what a piece of work leaves behind can be counted, whether or not it is the first to use one of them. */
const axes = new Map([0, 1, 2].map((value) => [value, tf.keep(tf.scalar(value, "int32"))]));

/** An axis as a tensor. @throws RangeError for one that no layer uses */
function axisTensor(value: number): Tensor {
  const tensor = axes.get(value);
  if (tensor === undefined) throw new RangeError(`axis ${value} is none of ${[...axes.keys()].join(", ")}`);
  return tensor;
}
