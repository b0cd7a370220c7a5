import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { useKernels } from "../kernels.js";
import { free, scale } from "../ops.js";
import { runOp, runOpOutputs, tf } from "../tensorflow.js";

/** -log softmax(logits)[label] of each row. */
export interface CrossEntropy {
  /** [n]. */
  loss: Float32Array;
  /** Rows whose greatest logit is the label's; of several as great the lowest class counts. */
  correct: number;
}

/**
 * Losses of rows, and the gradient of their sum times a weight.
 * @param logits [n, classes]
 * @param labels each from 0 to classes - 1
 * @param weight of each row's loss in the step's loss: 1 / examples of the whole step for their mean
 * @returns slope [n, classes], weight (softmax - one-hot)
 */
export function lossAndSlope(logits: Tensor, labels: readonly number[], weight: number): CrossEntropy & { slope: Tensor } {
  const { slope, ...result } = compute(logits, labels, { weight, slopes: true });
  return { ...result, slope };
}

/** The same without a gradient. */
export function losses(logits: Tensor, labels: readonly number[]): CrossEntropy {
  const { slope, ...result } = compute(logits, labels, { weight: 1, slopes: false });
  free(slope);
  return result;
}

function compute(
  logits: Tensor,
  labels: readonly number[],
  { weight, slopes }: { weight: number; slopes: boolean },
): CrossEntropy & { slope: Tensor } {
  const chosen = tf.tensor1d([...labels], "int32");
  let tensors: [Tensor, Tensor, Tensor];
  if (useKernels()) {
    const attributes = { weight: { float: weight }, slopes: { int: slopes ? 1 : 0 } };
    tensors = runOpOutputs("StepwireCrossEntropy", [logits, chosen], attributes, 3) as [Tensor, Tensor, Tensor];
  } else {
    const [loss, slope] = runOpOutputs("SparseSoftmaxCrossEntropyWithLogits", [logits, chosen], {}, 2) as [Tensor, Tensor];
    const axis = tf.scalar(1, "int32");
    const greatest = runOp("ArgMax", [logits, axis], { output_type: { type: "int32" } });
    const same = runOp("Equal", [greatest, chosen]);
    tensors = [loss, runOp("Cast", [same], { DstT: { type: "float32" } }), scale(slope, weight)];
    free(slope, axis, greatest, same);
  }
  const [loss, correct, slope] = tensors;
  const result = { loss: loss.dataSync<"float32">(), correct: correct.dataSync<"float32">().reduce((sum, one) => sum + one, 0), slope };
  free(chosen, loss, correct);
  return result;
}
