import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { BertConfig } from "#core/models/bertConfig.js";
import * as crossEntropy from "../layers/crossEntropy.js";
import * as dropout from "../layers/dropout.js";
import * as embedding from "../layers/embedding.js";
import * as layerNorm from "../layers/layerNorm.js";
import * as linear from "../layers/linear.js";
import * as pooler from "../layers/pooler.js";
import { free } from "../ops.js";
import type { Parameters } from "../parameters.js";
import { tf } from "../tensorflow.js";
import * as bertLayer from "./bertLayer.js";
import { type GradientSink, give, pair } from "./bertLayer.js";
import type { PackedBatch } from "./packBatch.js";

/** A model to compute with: `BertForSequenceClassification` of `transformers`. */
export interface BertClassifier {
  config: BertConfig;
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
export function predictLogits({ config, parameters }: BertClassifier, batch: PackedBatch): Tensor {
  return tf.tidy(() => {
    let x = tf.tidy(() => embed({ config, parameters }, batch, undefined).y);
    for (let layer = 0; layer < config.layers; layer++) {
      const y = tf.tidy(() => bertLayer.forward(x, { parameters, config, layer, layout: batch.attention, key: undefined }).y);
      free(x);
      x = y;
    }
    const pooled = pooler.forward(x, batch.first, pair(parameters, "bert.pooler.dense")).y;
    return linear.forward(pooled, pair(parameters, "classifier")).y;
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
  { config, parameters }: BertClassifier,
  batch: PackedBatch,
  options: { labels: Labels; lossWeight: number; key: dropout.DropoutKey | undefined; sink: GradientSink },
): MicroBatchResult {
  const { key, sink } = options;
  const embedded = embed({ config, parameters }, batch, key);
  let x = embedded.y;
  const layers: { saved: bertLayer.BertLayerSaved; x: Tensor }[] = [];
  for (let layer = 0; layer < config.layers; layer++) {
    const { y, saved } = bertLayer.forward(x, { parameters, config, layer, layout: batch.attention, key });
    layers.push({ saved, x });
    x = y;
  }
  const pooled = pooler.forward(x, batch.first, pair(parameters, "bert.pooler.dense"));
  free(x);
  const dropped = dropout.forward(pooled.y, config.classifierDropout, key, "classifier");
  const head = linear.forward(dropped.y, pair(parameters, "classifier"));
  const logits = head.y.dataSync<"float32">();
  const given = typeof options.labels === "function" ? options.labels(logits) : options.labels;
  const labels = tf.tensor1d([...given], "int32");
  const loss = crossEntropy.forward(head.y, labels);
  const result = { lossSum: sum(loss.y.dataSync()), correct: countCorrect(logits, given) };
  const dLogits = crossEntropy.backward(options.lossWeight, loss.saved).dx;
  free(labels, loss.y, head.y);

  const headBack = linear.backward(dLogits, head.saved);
  give(sink, "classifier", headBack.gradients);
  const { dx: dPooled } = dropout.backward(headBack.dx, dropped.saved);
  if (dropped.y !== pooled.y) free(dropped.y);
  const poolerBack = pooler.backward(dPooled, pooled.saved);
  give(sink, "bert.pooler.dense", poolerBack.gradients);
  free(dLogits, headBack.dx);
  if (dPooled !== headBack.dx) free(dPooled);

  let dx = poolerBack.dx;
  for (const [layer, { saved, x: input }] of [...layers.entries()].toReversed()) {
    dx = bertLayer.backward(dx, saved, layer, sink);
    free(input);
  }
  embedBackward(dx, embedded.saved, sink);
  return result;
}

interface EmbedSaved {
  lookup: embedding.EmbeddingSaved;
  norm: layerNorm.LayerNormSaved;
  dropout: dropout.DropoutSaved;
}

const tables = { word: "word_embeddings", position: "position_embeddings", type: "token_type_embeddings" } as const;

function embed(
  { config, parameters }: BertClassifier,
  batch: PackedBatch,
  key: dropout.DropoutKey | undefined,
): { y: Tensor; saved: EmbedSaved } {
  const table = (name: keyof typeof tables) => parameters.get(`bert.embeddings.${tables[name]}.weight`);
  const lookup = embedding.forward(batch, { word: table("word"), position: table("position"), type: table("type") });
  const norm = layerNorm.forward(lookup.y, pair(parameters, "bert.embeddings.LayerNorm"), config.layerNormEpsilon);
  const dropped = dropout.forward(norm.y, config.hiddenDropout, key, "embeddings");
  free(lookup.y);
  if (dropped.y !== norm.y) free(norm.y);
  return { y: dropped.y, saved: { lookup: lookup.saved, norm: norm.saved, dropout: dropped.saved } };
}

function embedBackward(dy: Tensor, saved: EmbedSaved, sink: GradientSink): void {
  const { dx: dNormed } = dropout.backward(dy, saved.dropout);
  const norm = layerNorm.backward(dNormed, saved.norm);
  give(sink, "bert.embeddings.LayerNorm", norm.gradients);
  const { gradients } = embedding.backward(norm.dx, saved.lookup);
  for (const name of ["word", "position", "type"] as const) sink(`bert.embeddings.${tables[name]}.weight`, gradients[name]);
  free(dy, norm.dx);
  if (dNormed !== dy) free(dNormed);
}

function sum(values: ArrayLike<number>): number {
  return Array.from(values).reduce((total, value) => total + value, 0);
}

/** Counts rows of `logits` (one after another) whose greatest is at the label; ties go to the lower class. */
function countCorrect(logits: ArrayLike<number>, labels: readonly number[]): number {
  const classes = logits.length / labels.length;
  return labels.filter((label, row) => {
    const scores = Array.from({ length: classes }, (_, c) => logits[row * classes + c] as number);
    return scores.indexOf(Math.max(...scores)) === label;
  }).length;
}
