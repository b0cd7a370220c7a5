import { type Gradient, storedNumbers } from "../gradient.js";
import { free } from "../ops.js";
import { runOp, scalarOf } from "../tensorflow.js";

/** L2 norm over all numbers of all gradients together. */
export function globalNorm(gradients: Iterable<Gradient>): number {
  let sum = 0;
  for (const gradient of gradients) {
    const half = runOp("L2Loss", [storedNumbers(gradient)]);
    sum += 2 * scalarOf(half);
    free(half);
  }
  return Math.sqrt(sum);
}

/** The factor that clips gradients of global norm `norm` to `maxNorm` (0: never), as `torch.nn.utils.clip_grad_norm_` computes it. */
export function clippingFactor(norm: number, maxNorm: number): number {
  return maxNorm === 0 ? 1 : Math.min(1, maxNorm / (norm + 1e-6));
}
