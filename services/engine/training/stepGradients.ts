import { isDecoder } from "#core/models/modelConfig.js";
import { drawLabel } from "#core/training/drawLabel.js";
import { microBatches } from "#core/training/microBatches.js";
import { type ShouldStop, turn } from "../cancellation.js";
import { addGradients, type Gradient } from "../gradient.js";
import type { DropoutKey } from "../layers/dropout.js";
import * as causalModel from "../models/causalModel.js";
import type { GradientSink, MicroBatchResult, Model } from "../models/model.js";
import { disposeBatch, packBatch, type PackedBatch } from "../models/packBatch.js";
import * as sequenceModel from "../models/sequenceModel.js";
import { free } from "../ops.js";
import { type EncodedExample, predictions } from "./encodedExample.js";

/** What a step's examples say, before any update. */
export interface StepGradients {
  /** Mean over what the examples predict: their classes, numbers or tokens. */
  loss: number;
  /** Share of the predictions that are right; `undefined` where numbers are predicted. */
  accuracy: number | undefined;
  tokens: number;
  /** Of the mean loss, by parameter name; the caller's. */
  gradients: Map<string, Gradient>;
}

/**
 * Loss and gradients over all examples of a step, one micro-batch after another. Each prediction weighs 1 / predictions of the step, so that
 * cutting the step elsewhere changes nothing but rounding (and, with dropout, which numbers are dropped). Between micro-batches the event
 * loop turns.
 * @param options.dropout seed and step that key it; `undefined`: none
 * @param options.drawn seed and step that key labels drawn from the model, in the place of the examples' own: the gradient is then that of
 *   the Gauss-Newton-Bartlett estimate (Liu et al., 2023, arXiv:2305.14342, algorithm 2), the mean's times the root of the examples; classes only
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
  const gradients = new Map<string, Gradient>();
  const sink = (name: string, gradient: Gradient) => {
    const before = gradients.get(name);
    gradients.set(name, before ? addGradients(before, gradient) : gradient);
  };
  const parts = microBatches(
    examples.map(({ encoding }) => encoding.ids.length),
    options.microBatchTokens,
  );
  const total = examples.reduce((sum, example) => sum + predictions(example, model.head), 0);
  let lossSum = 0;
  let correct: number | undefined = 0;
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
    const result = passOver(model, batch, chosen, {
      ...(drawn && { draw: (logits: Float32Array) => drawLabels(logits, members, drawn) }),
      // A step of nothing but prompts predicts nothing.
      lossWeight: 1 / (drawn ? Math.sqrt(total) : Math.max(1, total)),
      key: options.dropout && { ...options.dropout, microBatch },
      sink,
    });
    lossSum += result.lossSum;
    correct = correct === undefined || result.correct === undefined ? undefined : correct + result.correct;
    tokens += batch.tokens;
    disposeBatch(batch);
  }
  const mean = (sum: number) => sum / Math.max(1, total);
  return { loss: mean(lossSum), accuracy: correct === undefined ? undefined : mean(correct), tokens, gradients };
}

/** One micro-batch, by what the model's head says. */
function passOver(
  model: Model,
  batch: PackedBatch,
  examples: readonly EncodedExample[],
  options: { draw?: (logits: Float32Array) => number[]; lossWeight: number; key: DropoutKey | undefined; sink: GradientSink },
): MicroBatchResult {
  const { config } = model;
  const { draw, ...rest } = options;
  if (model.head.task !== "causal_lm" || !isDecoder(config))
    return sequenceModel.lossAndGradients(model, batch, { ...rest, targets: draw ?? examples.map(({ label }) => label) });
  const sequences = examples.map(({ encoding, completion }) => ({ ids: encoding.ids, completion }));
  return causalModel.lossAndGradients({ ...model, config }, batch, sequences, rest);
}

/** A label for each row of logits; an example draws the same number in whatever micro-batch it is. */
function drawLabels(logits: Float32Array, members: readonly number[], key: { seed: number; step: number }): number[] {
  const classes = logits.length / members.length;
  return members.map((example, row) => drawLabel(logits.subarray(row * classes, (row + 1) * classes), { ...key, example }));
}
