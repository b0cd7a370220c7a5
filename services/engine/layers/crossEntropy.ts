import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { useKernels } from "../kernels.js";
import { add, free, scale } from "../ops.js";
import { runOp, runOpOutputs, tf } from "../tensorflow.js";

/** Of each row [n]: its loss, and 1 where the label's logit is the greatest, of equal ones the first; the caller's. */
export interface Losses {
  loss: Tensor;
  correct: Tensor;
}

/**
 * -log softmax(logits)[label] of each row, and its gradient. A logit that is not finite gives a loss that is not finite.
 * @param logits [n, classes]
 * @param labels int32 [n], each from 0 to classes - 1; others are refused, but on a GPU, where their loss is not a number
 * @param weight of each row's loss in the step's loss: 1 / examples of the whole step for their mean
 * @returns slope [n, classes]: weight (softmax - one-hot), the caller's
 */
export function forward(logits: Tensor, labels: Tensor, weight: number): Losses & { slope: Tensor } {
  if (useKernels()) {
    const factor = tf.scalar(weight);
    const [loss, correct, slope] = runOpOutputs("StepwireCrossEntropy", [logits, labels, factor], {}, 3) as [Tensor, Tensor, Tensor];
    free(factor);
    return { loss, correct, slope };
  }
  const { dLogits, ...losses } = twin(logits, labels);
  const slope = scale(dLogits, weight);
  free(dLogits);
  return { ...losses, slope };
}

/**
 * What `forward` gives without the gradient, for evaluation.
 * @param logits [n, classes]
 * @param labels int32 [n], as of `forward`
 */
export function losses(logits: Tensor, labels: Tensor): Losses {
  if (useKernels()) {
    const [loss, correct] = runOpOutputs("StepwireCrossEntropyLosses", [logits, labels], {}, 2) as [Tensor, Tensor];
    return { loss, correct };
  }
  const { dLogits, ...rest } = twin(logits, labels);
  free(dLogits);
  return rest;
}

function twin(logits: Tensor, labels: Tensor): Losses & { dLogits: Tensor } {
  const [entropy, dLogits] = runOpOutputs("SparseSoftmaxCrossEntropyWithLogits", [logits, labels], {}, 2) as [Tensor, Tensor];
  // 0, and not a number where a logit is minus infinity: TensorFlow takes that for a probability of 0.
  const axis = tf.scalar(1, "int32");
  const least = runOp("Min", [logits, axis]);
  const nothing = scale(least, 0);
  const loss = add(entropy, nothing);
  const best = runOp("ArgMax", [logits, axis], { output_type: { type: "int32" } });
  const equal = runOp("Equal", [best, labels]);
  const finite = runOp("IsFinite", [loss]);
  const both = runOp("LogicalAnd", [equal, finite]);
  const correct = runOp("Cast", [both], { DstT: { type: "float32" } });
  free(entropy, axis, least, nothing, best, equal, finite, both);
  return { loss, correct, dLogits };
}
