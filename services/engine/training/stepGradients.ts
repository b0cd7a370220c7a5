import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { drawLabel } from "#core/training/drawLabel.js";
import { microBatches } from "#core/training/microBatches.js";
import { type ShouldStop, turn } from "../cancellation.js";
import type { Model } from "../models/model.js";
import { lossAndGradients } from "../models/sequenceModel.js";
import { disposeBatch, packBatch } from "../models/packBatch.js";
import type { Encoding } from "../models/tokenizer.js";
import { add, free } from "../ops.js";

/** One labelled sequence. */
export interface EncodedExample {
  encoding: Encoding;
  label: number;
}

/** What a step's examples say, before any update. */
export interface StepGradients {
  /** Mean over the examples. */
  loss: number;
  /** Share of the examples that are classified right. */
  accuracy: number;
  tokens: number;
  /** Of the mean loss, by parameter name; the caller's. */
  gradients: Map<string, Tensor>;
}

/**
 * Loss and gradients over all examples of a step, one micro-batch after another. Each example weighs 1 / examples of the step, so that
 * cutting the step elsewhere changes nothing but rounding (and, with dropout, which numbers are dropped). Between micro-batches the event
 * loop turns.
 * @param options.dropout seed and step that key it; `undefined`: none
 * @param options.drawn seed and step that key labels drawn from the model, in the place of the examples' own: the gradient is then that of
 *   the Gauss-Newton-Bartlett estimate (Liu et al., 2023, arXiv:2305.14342, algorithm 2), the mean's times the root of the examples
 * @throws Cancelled
 */
export async function stepGradients(
  model: Model,
  examples: readonly EncodedExample[],
  options: {
    microBatchTokens: number;
    dropout: { seed: number; step: number } | undefined;
    drawn?: { seed: number; step: number };
    shouldStop?: ShouldStop;
  },
): Promise<StepGradients> {
  const { shouldStop = () => false, drawn } = options;
  const gradients = new Map<string, Tensor>();
  const sink = (name: string, gradient: Tensor) => {
    const before = gradients.get(name);
    gradients.set(name, before ? add(before, gradient) : gradient);
    if (before) free(before, gradient);
  };
  const parts = microBatches(
    examples.map(({ encoding }) => encoding.ids.length),
    options.microBatchTokens,
  );
  let lossSum = 0;
  let correct = 0;
  let tokens = 0;
  for (const [microBatch, members] of parts.entries()) {
    try {
      if (microBatch > 0) await turn(shouldStop);
    } catch (error) {
      free(...gradients.values());
      throw error;
    }
    const chosen = members.map((member) => examples[member] as EncodedExample);
    const batch = packBatch(
      chosen.map(({ encoding }) => encoding),
      model.config,
    );
    const result = lossAndGradients(model, batch, {
      labels: drawn ? (logits) => drawLabels(logits, members, drawn) : chosen.map(({ label }) => label),
      lossWeight: 1 / (drawn ? Math.sqrt(examples.length) : examples.length),
      key: options.dropout && { ...options.dropout, microBatch },
      sink,
    });
    lossSum += result.lossSum;
    correct += result.correct;
    tokens += batch.tokens;
    disposeBatch(batch);
  }
  return { loss: lossSum / examples.length, accuracy: correct / examples.length, tokens, gradients };
}

/** A label for each row of logits; an example draws the same number in whatever micro-batch it is. */
function drawLabels(logits: Float32Array, members: readonly number[], key: { seed: number; step: number }): number[] {
  const classes = logits.length / members.length;
  return members.map((example, row) => drawLabel(logits.subarray(row * classes, (row + 1) * classes), { ...key, example }));
}
