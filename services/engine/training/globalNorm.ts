import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { free } from "../ops.js";
import { runOp, scalarOf } from "../tensorflow.js";

/** L2 norm over all numbers of all tensors together. */
export function globalNorm(tensors: Iterable<Tensor>): number {
  let sum = 0;
  for (const tensor of tensors) {
    const half = runOp("L2Loss", [tensor]);
    sum += 2 * scalarOf(half);
    free(half);
  }
  return Math.sqrt(sum);
}

/** The factor that clips gradients of global norm `norm` to `maxNorm` (0: never), as `torch.nn.utils.clip_grad_norm_` computes it. */
export function clippingFactor(norm: number, maxNorm: number): number {
  return maxNorm === 0 ? 1 : Math.min(1, maxNorm / (norm + 1e-6));
}
