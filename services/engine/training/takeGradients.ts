import type { ShouldStop } from "../cancellation.js";
import type { Gradient } from "../gradient.js";
import type { Model } from "../models/model.js";
import { free } from "../ops.js";
import type { EngineOptimizer } from "../optimizer/createOptimizer.js";
import { globalNorm } from "./globalNorm.js";
import type { EncodedExample } from "./encodedExample.js";
import { stepGradients, type StepGradients } from "./stepGradients.js";

/** Everything that an optimizer wants to know of a step's examples. */
export interface TakenGradients extends StepGradients {
  /** L2 norm of all gradients. */
  gradNorm: number;
  /** For labels that the model drew, in the steps in which the optimizer wants one; the caller's. */
  sampled?: Map<string, Gradient>;
}

/**
 * The gradients of a step where the optimizer wants them: mostly one at the parameters; a second one beside them (SAM), or one more for drawn
 * labels (Sophia), see the same examples and the same dropout. Loss and accuracy are always those at the parameters.
 * @throws Cancelled
 */
export async function takeGradients(
  model: Model,
  optimizer: EngineOptimizer,
  examples: readonly EncodedExample[],
  options: { microBatchTokens: number; seed: number; step: number; learningRate: number; shouldStop: ShouldStop },
): Promise<TakenGradients> {
  const { microBatchTokens, seed, step, learningRate, shouldStop } = options;
  const key = { seed, step };
  const update = optimizer.updates + 1;
  const take = (drawn?: typeof key) =>
    stepGradients(model, examples, { microBatchTokens, dropout: key, shouldStop, ...(drawn && { drawn }) });
  const first = await take();
  const taken: TakenGradients = { ...first, gradNorm: globalNorm(first.gradients.values()) };
  if (!Number.isFinite(taken.loss) || !Number.isFinite(taken.gradNorm)) return taken;
  try {
    if (optimizer.movesGradient) {
      const second = await optimizer.atGradientPoint(first.gradients, { learningRate, step: update, gradientScale: 1 }, () => {
        // The point is made: no more is wanted of them, and they are as large as the model.
        free(...first.gradients.values());
        taken.gradients = new Map();
        return take();
      });
      Object.assign(taken, { gradients: second.gradients, gradNorm: globalNorm(second.gradients.values()) });
    }
    if (optimizer.wantsSampledGradient(update)) taken.sampled = (await take(key)).gradients;
    return taken;
  } catch (error) {
    free(...taken.gradients.values());
    throw error;
  }
}
