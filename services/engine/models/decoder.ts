import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { DecoderConfig } from "#core/models/decoderConfig.js";
import { type DecoderNames, decoderNames } from "#core/models/decoderParameters.js";
import { rotaryFrequencies } from "#core/models/rotaryConfig.js";
import * as dropout from "../layers/dropout.js";
import * as embedding from "../layers/embedding.js";
import { type RotaryTables, rotaryTables } from "../layers/rotary.js";
import { free } from "../ops.js";
import { tf } from "../tensorflow.js";
import * as decoderLayer from "./decoderLayer.js";
import { enter, enterBackward, type EnterSaved, type Stream } from "./decoderNorm.js";
import { type GradientSink, isTrained, type Model } from "./model.js";
import type { PackedBatch } from "./packBatch.js";

/** What the backward pass reads, owned here. */
export interface DecoderSaved {
  lookup: embedding.EmbeddingSaved;
  dropout: dropout.DropoutSaved;
  entered: EnterSaved;
  tables: RotaryTables | undefined;
  layers: decoderLayer.DecoderLayerSaved[];
}

/**
 * The last hidden states, normed, without dropout.
 * @returns [rows, hidden], the caller's
 */
export function infer(model: Model<DecoderConfig>, batch: PackedBatch): Tensor {
  return tf.tidy(() => {
    const { x, tables } = embed(model, batch, undefined);
    let { stream } = enter(model, x, normName(model.config, 0));
    for (let layer = 0; layer < model.config.layers; layer++) {
      const before = stream;
      stream = tf.tidy(() => ({ ...decoderLayer.forward(before, callOf(model, batch, { layer, tables, key: undefined })).stream }));
      // The norms of some models keep the sum for a backward pass.
      for (const tensor of [before.sum, before.y]) if (!tensor.isDisposed) free(tensor);
    }
    return stream.y;
  });
}

/**
 * The last hidden states, normed.
 * @param key of dropout; `undefined`: none
 * @returns y [rows, hidden], the caller's
 */
export function forward(
  model: Model<DecoderConfig>,
  batch: PackedBatch,
  key: dropout.DropoutKey | undefined,
): { y: Tensor; saved: DecoderSaved } {
  const { x, lookup, dropped, tables } = embed(model, batch, key);
  const entered = enter(model, x, normName(model.config, 0));
  let { stream } = entered;
  const layers: decoderLayer.DecoderLayerSaved[] = [];
  for (let layer = 0; layer < model.config.layers; layer++) {
    const next = decoderLayer.forward(stream, callOf(model, batch, { layer, tables, key }));
    layers.push(next.saved);
    stream = next.stream;
  }
  // Nothing is added to the last sum; a norm that keeps it frees it later.
  if (decoderNames[model.config.family].normBias) free(stream.sum);
  return { y: stream.y, saved: { lookup, dropout: dropped, entered: entered.saved, tables, layers } };
}

/**
 * Frees what `forward` saved.
 * @param dy [rows, hidden], owned here; rows of no token must be 0
 */
export function backward(dy: Tensor, saved: DecoderSaved, model: Model<DecoderConfig>, sink: GradientSink): void {
  const names = decoderNames[model.config.family];
  let down: Stream = { sum: tf.zerosLike(dy), y: dy };
  for (const layer of saved.layers.toReversed()) down = decoderLayer.backward(down, layer, sink);
  const dEntered = enterBackward(down, saved.entered, sink);
  const { dx } = dropout.backward(dEntered, saved.dropout);
  for (const [table, name] of [["word", names.word] as const, ["position", names.position] as const])
    if (name !== undefined && !isTrained(model, name)) delete saved.lookup.sizes[table];
  const { gradients } = embedding.backward(dx, saved.lookup);
  if (gradients.word) sink(names.word, gradients.word);
  if (gradients.position && names.position !== undefined) sink(names.position, gradients.position);
  free(...new Set([dEntered, dx]), down.sum, down.y);
  if (saved.tables) free(saved.tables.cosines, saved.tables.sines);
}

/** Looks the tokens up, and the angles of their positions. */
function embed({ config, parameters }: Model<DecoderConfig>, batch: PackedBatch, key: dropout.DropoutKey | undefined) {
  const names = decoderNames[config.family];
  const position = names.position === undefined ? undefined : parameters.get(names.position);
  const lookup = embedding.forward(batch, { word: parameters.get(names.word), position });
  const dropped = dropout.forward(lookup.y, config.embeddingDropout, key, "embeddings");
  if (dropped.y !== lookup.y) free(lookup.y);
  const longest = Math.max(...batch.attention.sequences.map(({ length }) => length));
  const tables = config.rotary && rotaryTables(rotaryFrequencies(config.rotary, config.headSize), longest);
  return { x: dropped.y, lookup: lookup.saved, dropped: dropped.saved, tables };
}

function callOf(
  model: Model<DecoderConfig>,
  batch: PackedBatch,
  { layer, tables, key }: { layer: number; tables: RotaryTables | undefined; key: dropout.DropoutKey | undefined },
): decoderLayer.DecoderLayerCall {
  const turning = tables && { tables, positions: batch.positions };
  return { model, layer, layout: batch.attention, turning, key, nextNorm: normName(model.config, layer + 1) };
}

/** The norm of what goes into a layer; behind the last one the final norm. */
function normName({ family, layers }: DecoderConfig, layer: number): string {
  const names: DecoderNames = decoderNames[family];
  return layer < layers ? names.layer(layer).inputNorm : names.finalNorm;
}
