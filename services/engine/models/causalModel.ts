import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { DecoderConfig } from "#core/models/decoderConfig.js";
import { decoderNames } from "#core/models/decoderParameters.js";
import type { DropoutKey } from "../layers/dropout.js";
import * as languageHead from "../layers/languageHead.js";
import { free } from "../ops.js";
import { tf } from "../tensorflow.js";
import * as decoder from "./decoder.js";
import { type GradientSink, isTrained, type MicroBatchResult, type Model, trainedOnly } from "./model.js";
import type { PackedBatch } from "./packBatch.js";

/** A sequence of which some tokens are to be predicted, each from those before it. */
export interface PromptedSequence {
  ids: readonly number[];
  /** Place of the first token that counts, at least 1: what comes before is only read. */
  completion: number;
}

/** How many tokens a sequence predicts. */
export function predictedTokens({ ids, completion }: PromptedSequence): number {
  return ids.length - completion;
}

/**
 * One forward and backward pass of a language model over a micro-batch; only the tokens of completions count.
 * @param sequences those that the batch was packed from, in its order
 * @param options.lossWeight weight of a token's loss in the step's: 1 / predicted tokens of the whole step
 * @param options.key of dropout; `undefined`: none
 * @param options.sink receives the gradients of the parameters that are trained
 * @returns sums over the tokens that count
 */
export function lossAndGradients(
  model: Model<DecoderConfig>,
  batch: PackedBatch,
  sequences: readonly PromptedSequence[],
  options: { lossWeight: number; key: DropoutKey | undefined; sink: GradientSink },
): MicroBatchResult {
  const sink = trainedOnly(model, options.sink);
  const name = headName(model.config);
  const hidden = decoder.forward(model, batch, options.key);
  const predictions = predictionsOf(sequences);
  const result = languageHead.forwardBackward({
    x: hidden.y,
    weight: model.parameters.get(name),
    ...predictions,
    lossWeight: options.lossWeight,
    weightSink: isTrained(model, name) ? (gradient) => sink(name, gradient) : undefined,
  });
  free(hidden.y, predictions.rowsOf, predictions.labels);
  decoder.backward(result.dx, hidden.saved, model, sink);
  return { lossSum: result.lossSum, correct: result.correct };
}

/**
 * The losses of the tokens that count, without dropout.
 * @returns of each sequence, in order, the losses of its tokens, and how many of them were the most probable
 */
export function tokenLosses(
  model: Model<DecoderConfig>,
  batch: PackedBatch,
  sequences: readonly PromptedSequence[],
): { losses: Float32Array; correct: number }[] {
  const x = decoder.infer(model, batch);
  const predictions = predictionsOf(sequences);
  const { losses, correct } = languageHead.losses({ x, weight: model.parameters.get(headName(model.config)), ...predictions });
  free(x, predictions.rowsOf, predictions.labels);
  let begin = 0;
  return sequences.map((sequence) => {
    const end = begin + predictedTokens(sequence);
    const own = { losses: losses.slice(begin, end), correct: correct.slice(begin, end).reduce((sum, one) => sum + one, 0) };
    begin = end;
    return own;
  });
}

/** The weight whose rows give the logits of tokens. */
function headName({ family, tied }: DecoderConfig): string {
  const { word, languageHead: head } = decoderNames[family];
  return tied ? word : `${head}.weight`;
}

/** int32 [predictions] each: the rows that predict the tokens of completions, and these tokens. */
function predictionsOf(sequences: readonly PromptedSequence[]): { rowsOf: Tensor; labels: Tensor } {
  const rows: number[] = [];
  const labels: number[] = [];
  let first = 0;
  for (const { ids, completion } of sequences) {
    for (let place = completion; place < ids.length; place++) {
      rows.push(first + place - 1);
      labels.push(ids[place] as number);
    }
    first += ids.length;
  }
  return { rowsOf: tf.tensor1d(rows, "int32"), labels: tf.tensor1d(labels, "int32") };
}
