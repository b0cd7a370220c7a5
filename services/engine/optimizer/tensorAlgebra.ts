import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { type MatrixAlgebra, signWeight } from "#core/optimizers/matrixAlgebra.js";
import { matMulFloat32 } from "../ops.js";
import { runOp, runOpOutputs, tf } from "../tensorflow.js";

/** Whole-tensor operations on TensorFlow, float32. For use within `tf.tidy`. */
export const tensorAlgebra: MatrixAlgebra<Tensor> = {
  shape: ({ shape }) => [shape[0] ?? 1, shape[1] ?? 1],
  constant: (value) => tf.tensor2d([value], [1, 1]),
  zeros: (rows, columns) => tf.zeros([rows, columns]),
  add: (a, b) => a.add(b),
  sub: (a, b) => a.sub(b),
  mul: (a, b) => a.mul(b),
  div: (a, b) => a.div(b),
  max: (a, b) => a.maximum(b),
  sqrt: (a) => a.sqrt(),
  transpose: (a) => a.transpose(),
  matmul: matMulFloat32,
  sum: (a, over) => (over === "all" ? a.sum().reshape([1, 1]) : a.sum(over === "rows" ? 0 : 1, true)),
  orthogonalize(a) {
    const [q, r] = runOpOutputs("Qr", [a], { full_matrices: { bool: false }, T: { type: "float32" } }, 2);
    if (!q || !r) throw new Error("Qr returned nothing");
    const diagonal = runOp("DiagPart", [r]);
    return withSigns(q, diagonal);
  },
  eigenvectors(a) {
    const [, vectors] = runOpOutputs("SelfAdjointEigV2", [a], { compute_v: { bool: true }, T: { type: "float32" } }, 2);
    if (!vectors) throw new Error("SelfAdjointEigV2 returned nothing");
    const weights = tf.tensor2d(
      Float32Array.from({ length: a.shape[0] ?? 1 }, (_, row) => signWeight(row)),
      [1, a.shape[0] ?? 1],
    );
    return withSigns(vectors, matMulFloat32(weights, vectors)).reverse(1);
  },
  order: (keys) => tf.topk(keys.reshape([-1]), keys.size, true).indices,
  permute: (a, order, axis) => tf.gather(a, order, axis === "rows" ? 0 : 1),
};

/** Columns times -1 where the sides [columns] or [1, columns] are negative. */
function withSigns(columns: Tensor, sides: Tensor): Tensor {
  return columns.mul(tf.where(sides.less(0), tf.scalar(-1), tf.scalar(1)).reshape([1, sides.size]));
}

/** A copy in memory that no other tensor shares. */
export function ownCopy(tensor: Tensor): Tensor {
  return runOp("DeepCopy", [tensor]);
}
