import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { microBatches } from "#core/training/microBatches.js";
import { type ShouldStop, turn } from "../cancellation.js";
import { type BertClassifier, lossAndGradients } from "../models/bertClassifier.js";
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
 * @throws Cancelled
 */
export async function stepGradients(
  model: BertClassifier,
  examples: readonly EncodedExample[],
  options: { microBatchTokens: number; dropout: { seed: number; step: number } | undefined; shouldStop?: ShouldStop },
): Promise<StepGradients> {
  const { shouldStop = () => false } = options;
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
      model.config.heads,
    );
    const result = lossAndGradients(model, batch, {
      labels: chosen.map(({ label }) => label),
      lossWeight: 1 / examples.length,
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
