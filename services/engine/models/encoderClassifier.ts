import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { EncoderConfig } from "#core/models/encoderConfig.js";
import { type EncoderNames, encoderNames } from "#core/models/encoderParameters.js";
import * as classificationHead from "../layers/classificationHead.js";
import * as crossEntropy from "../layers/crossEntropy.js";
import * as dropout from "../layers/dropout.js";
import * as embedding from "../layers/embedding.js";
import * as layerNorm from "../layers/layerNorm.js";
import { free } from "../ops.js";
import type { Parameters } from "../parameters.js";
import { sumOf, tf } from "../tensorflow.js";
import * as encoderLayer from "./encoderLayer.js";
import { type GradientSink, give, pair } from "./encoderLayer.js";
import type { PackedBatch } from "./packBatch.js";

/** A model to compute with: the `...ForSequenceClassification` of its family in `transformers`. */
export interface EncoderClassifier {
  config: EncoderConfig;
  parameters: Parameters;
}

/** What one micro-batch gives. */
export interface MicroBatchResult {
  /** Sum of the losses of its examples. */
  lossSum: number;
  /** Examples whose most probable class is their label. */
  correct: number;
}

/**
 * Logits without dropout.
 * @returns [sequences, classes], the caller's
 */
export function predictLogits({ config, parameters }: EncoderClassifier, batch: PackedBatch): Tensor {
  return tf.tidy(() => {
    let x = tf.tidy(() => embed({ config, parameters }, batch, undefined).y);
    for (let layer = 0; layer < config.layers; layer++) {
      const y = tf.tidy(() => encoderLayer.forward(x, { parameters, config, layer, layout: batch.attention, key: undefined }).y);
      free(x);
      x = y;
    }
    return classificationHead.forward(x, batch.first, headCall({ config, parameters }, undefined)).y;
  });
}

type Labels = readonly number[] | ((logits: Float32Array) => readonly number[]);

/**
 * One forward and backward pass over a micro-batch.
 * @param labels class of each sequence, or what chooses them from the logits [n, classes], row by row
 * @param lossWeight weight of an example's loss in the step's: 1 / examples of the whole step
 * @param key of dropout; `undefined`: none
 * @param sink receives the gradient of every parameter, once, by name
 */
export function lossAndGradients(
  { config, parameters }: EncoderClassifier,
  batch: PackedBatch,
  options: { labels: Labels; lossWeight: number; key: dropout.DropoutKey | undefined; sink: GradientSink },
): MicroBatchResult {
  const { key, sink } = options;
  const embedded = embed({ config, parameters }, batch, key);
  let x = embedded.y;
  const layers: { saved: encoderLayer.EncoderLayerSaved; x: Tensor }[] = [];
  for (let layer = 0; layer < config.layers; layer++) {
    const { y, saved } = encoderLayer.forward(x, { parameters, config, layer, layout: batch.attention, key });
    layers.push({ saved, x });
    x = y;
  }
  const head = classificationHead.forward(x, batch.first, headCall({ config, parameters }, key));
  free(x);
  const given = typeof options.labels === "function" ? options.labels(head.y.dataSync<"float32">()) : options.labels;
  const labels = tf.tensor1d([...given], "int32");
  const { loss, correct, slope: dLogits } = crossEntropy.forward(head.y, labels, options.lossWeight);
  const result = { lossSum: sumOf(loss), correct: sumOf(correct) };
  free(labels, loss, correct, head.y);

  const names = encoderNames[config.family];
  const headBack = classificationHead.backward(dLogits, head.saved);
  give(sink, names.classifier, headBack.gradients.classifier);
  give(sink, names.dense, headBack.gradients.dense);
  free(dLogits);

  let { dx } = headBack;
  for (const [layer, { saved, x: input }] of [...layers.entries()].toReversed()) {
    dx = encoderLayer.backward(dx, saved, names.layer(layer), sink);
    free(input);
  }
  embedBackward(dx, embedded.saved, names, sink);
  return result;
}

interface EmbedSaved {
  lookup: embedding.EmbeddingSaved;
  norm: layerNorm.LayerNormSaved;
  dropout: dropout.DropoutSaved;
}

function headCall({ config, parameters }: EncoderClassifier, key: dropout.DropoutKey | undefined): classificationHead.HeadCall {
  const names = encoderNames[config.family];
  const [dense, classifier] = [pair(parameters, names.dense), pair(parameters, names.classifier)];
  return { family: config.family, dense, classifier, rate: config.classifierDropout, key };
}

function embed(
  { config, parameters }: EncoderClassifier,
  batch: PackedBatch,
  key: dropout.DropoutKey | undefined,
): { y: Tensor; saved: EmbedSaved } {
  const names = encoderNames[config.family];
  const lookup = embedding.forward(batch, {
    word: parameters.get(names.word),
    position: parameters.get(names.position),
    type: config.typeVocabSize > 0 ? parameters.get(names.type) : undefined,
  });
  const norm = layerNorm.forward(lookup.y, pair(parameters, names.embeddingNorm), config.layerNormEpsilon);
  const dropped = dropout.forward(norm.y, config.hiddenDropout, key, "embeddings");
  free(lookup.y);
  if (dropped.y !== norm.y) free(norm.y);
  return { y: dropped.y, saved: { lookup: lookup.saved, norm: norm.saved, dropout: dropped.saved } };
}

function embedBackward(dy: Tensor, saved: EmbedSaved, names: EncoderNames, sink: GradientSink): void {
  const { dx: dNormed } = dropout.backward(dy, saved.dropout);
  const norm = layerNorm.backward(dNormed, saved.norm);
  give(sink, names.embeddingNorm, norm.gradients);
  const { gradients } = embedding.backward(norm.dx, saved.lookup);
  for (const name of ["word", "position", "type"] as const) if (gradients[name]) sink(names[name], gradients[name]);
  free(dy, norm.dx);
  if (dNormed !== dy) free(dNormed);
}
