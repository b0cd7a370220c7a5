import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { EncoderConfig } from "#core/models/encoderConfig.js";
import { type EncoderNames, encoderNames } from "#core/models/encoderParameters.js";
import { firstTrained } from "#core/models/firstTrained.js";
import * as dropout from "../layers/dropout.js";
import * as embedding from "../layers/embedding.js";
import * as layerNorm from "../layers/layerNorm.js";
import { free } from "../ops.js";
import { tf } from "../tensorflow.js";
import * as encoderLayer from "./encoderLayer.js";
import { give, type GradientSink, isTrained, type Model, pair } from "./model.js";
import type { PackedBatch } from "./packBatch.js";

/** What the backward pass reads, owned here. */
export interface EncoderSaved {
  /** `undefined`: nothing there is trained. */
  embedded: EmbedSaved | undefined;
  /** Those that it reaches, from below. */
  layers: { call: encoderLayer.LayerCall; x: Tensor; saved: encoderLayer.EncoderLayerSaved | undefined }[];
}

/**
 * The last hidden states without dropout.
 * @returns [rows, hidden], the caller's
 */
export function infer(model: Model<EncoderConfig>, batch: PackedBatch): Tensor {
  let x = tf.tidy(() => embed(model, batch, undefined).y);
  for (let layer = 0; layer < model.config.layers; layer++) {
    const y = tf.tidy(() => encoderLayer.forward(x, { model, layer, layout: batch.attention, key: undefined }).y);
    free(x);
    x = y;
  }
  return x;
}

/**
 * The last hidden states.
 * @param key of dropout; `undefined`: none
 * @returns y [rows, hidden], the caller's
 */
export function forward(
  model: Model<EncoderConfig>,
  batch: PackedBatch,
  key: dropout.DropoutKey | undefined,
): { y: Tensor; saved: EncoderSaved } {
  const from = model.trained ? firstTrained(model.config, model.trained) : -1;
  const embedded = from < 0 ? embed(model, batch, key) : undefined;
  let x = embedded?.y ?? tf.tidy(() => embed(model, batch, key).y);
  const layers: EncoderSaved["layers"] = [];
  for (let layer = 0; layer < model.config.layers; layer++) {
    const call = { model, layer, layout: batch.attention, key };
    const before = x;
    if (layer >= from && !model.recomputes) {
      const { y, saved } = encoderLayer.forward(before, call);
      layers.push({ call, x: before, saved });
      x = y;
      continue;
    }
    x = tf.tidy(() => encoderLayer.forward(before, call).y);
    if (layer >= from) layers.push({ call, x: before, saved: undefined });
    else free(before);
  }
  return { y: x, saved: { embedded: embedded?.saved, layers } };
}

/**
 * Frees what `forward` saved.
 * @param dy [rows, hidden], owned here; rows of no token must be 0
 */
export function backward(dy: Tensor, { embedded, layers }: EncoderSaved, model: Model<EncoderConfig>, sink: GradientSink): void {
  const names = encoderNames[model.config.family];
  let dx = dy;
  for (const { call, x, saved } of layers.toReversed()) {
    dx = encoderLayer.backward(dx, saved ?? recompute(x, call), names.layer(call.layer), sink);
    free(x);
  }
  if (!embedded) return free(dx);
  const tables = [names.word, names.position, names.type].some((name) => isTrained(model, name));
  embedBackward(dx, embedded, { names, tables }, sink);
}

/** What a layer's backward pass reads, once more. */
function recompute(x: Tensor, call: encoderLayer.LayerCall): encoderLayer.EncoderLayerSaved {
  const { y, saved } = encoderLayer.forward(x, call);
  free(y);
  return saved;
}

interface EmbedSaved {
  lookup: embedding.EmbeddingSaved;
  norm: layerNorm.LayerNormSaved;
  dropout: dropout.DropoutSaved;
}

function embed(
  { config, parameters }: Model<EncoderConfig>,
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

/** @param options.tables whether anybody wants the gradients of the embedding tables */
function embedBackward(
  dy: Tensor,
  saved: EmbedSaved,
  { names, tables }: { names: EncoderNames; tables: boolean },
  sink: GradientSink,
): void {
  const { dx: dNormed } = dropout.backward(dy, saved.dropout);
  const norm = layerNorm.backward(dNormed, saved.norm);
  give(sink, names.embeddingNorm, norm.gradients);
  const gradients = tables ? embedding.backward(norm.dx, saved.lookup).gradients : undefined;
  for (const name of ["word", "position", "type"] as const) if (gradients?.[name]) sink(names[name], gradients[name]);
  free(dy, norm.dx);
  if (dNormed !== dy) free(dNormed);
}
