import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { DecoderConfig } from "#core/models/decoderConfig.js";
import { type DecoderNames, decoderNames } from "#core/models/decoderParameters.js";
import { firstTrained } from "#core/models/firstTrained.js";
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
  /** `undefined`: nothing below the layers is trained. */
  embedded: { lookup: embedding.EmbeddingSaved; dropout: dropout.DropoutSaved; entered: EnterSaved } | undefined;
  tables: RotaryTables | undefined;
  /** Those that it reaches, from below. */
  layers: LayerSaved[];
}

/** One layer's: what its pass saved, or what to compute it from again. */
interface LayerSaved {
  saved: decoderLayer.DecoderLayerSaved | { call: decoderLayer.DecoderLayerCall; before: Stream };
  /** What nobody needs behind its backward pass. */
  rest: Tensor[];
}

/**
 * The last hidden states, normed, without dropout.
 * @returns [rows, hidden], the caller's
 */
export function infer(model: Model<DecoderConfig>, batch: PackedBatch): Tensor {
  return tf.tidy(() => {
    const { x } = embed(model, batch, undefined);
    const tables = anglesOf(model.config, batch);
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
  const { config } = model;
  const { normBias } = decoderNames[config.family];
  const from = model.trained ? firstTrained(config, model.trained) : -1;
  const tables = anglesOf(config, batch);
  const below = () => {
    const { x, ...embedded } = embed(model, batch, key);
    const entered = enter(model, x, normName(config, 0));
    return { stream: entered.stream, saved: { ...embedded, entered: entered.saved } };
  };
  const reached = from < 0 ? below() : undefined;
  let stream = reached?.stream ?? tf.tidy(() => ({ ...below().stream }));
  // A norm without a bias keeps the sum that it is of, and its backward pass frees it; all other sums are freed here.
  let kept = reached !== undefined && !normBias;
  const layers: LayerSaved[] = [];
  for (let layer = 0; layer < config.layers; layer++) {
    const before = stream;
    const call = callOf(model, batch, { layer, tables, key });
    if (layer >= from && !model.recomputes) {
      const next = decoderLayer.forward(before, call);
      layers.push({ saved: next.saved, rest: kept || normBias ? [] : [before.sum] });
      stream = next.stream;
      kept = !normBias;
      continue;
    }
    stream = tf.tidy(() => ({ ...decoderLayer.forward(copyOf(before), call).stream }));
    const rest = kept ? [before.y] : [before.sum, before.y];
    if (layer >= from) layers.push({ saved: { call, before }, rest });
    else free(...rest);
    kept = false;
  }
  if (!kept) free(stream.sum);
  return { y: stream.y, saved: { embedded: reached?.saved, tables, layers } };
}

/**
 * Frees what `forward` saved.
 * @param dy [rows, hidden], owned here; rows of no token must be 0
 */
export function backward(dy: Tensor, { embedded, tables, layers }: DecoderSaved, model: Model<DecoderConfig>, sink: GradientSink): void {
  let down: Stream = { sum: tf.zerosLike(dy), y: dy };
  for (const { saved, rest } of layers.toReversed()) {
    down = decoderLayer.backward(down, "before" in saved ? recompute(saved.before, saved.call) : saved, sink);
    free(...rest);
  }
  if (embedded) embedBackward(down, embedded, model, sink);
  free(down.sum, down.y);
  if (tables) free(tables.cosines, tables.sines);
}

function embedBackward(
  down: Stream,
  { lookup, dropout: dropped, entered }: NonNullable<DecoderSaved["embedded"]>,
  model: Model<DecoderConfig>,
  sink: GradientSink,
): void {
  const names = decoderNames[model.config.family];
  const dEntered = enterBackward(down, entered, sink);
  const { dx } = dropout.backward(dEntered, dropped);
  for (const [table, name] of [["word", names.word] as const, ["position", names.position] as const])
    if (name !== undefined && !isTrained(model, name)) delete lookup.sizes[table];
  const { gradients } = embedding.backward(dx, lookup);
  if (gradients.word) sink(names.word, gradients.word);
  if (gradients.position && names.position !== undefined) sink(names.position, gradients.position);
  free(...new Set([dEntered, dx]));
}

/** What a layer's backward pass reads, once more. */
function recompute(before: Stream, call: decoderLayer.DecoderLayerCall): decoderLayer.DecoderLayerSaved {
  const copy = copyOf(before);
  const { stream, saved } = decoderLayer.forward(copy, call);
  // As in `forward`: a norm without a bias keeps the sum behind the layer, and nobody the one before it.
  free(stream.y, decoderNames[call.model.config.family].normBias ? stream.sum : copy.sum);
  return saved;
}

/** The same numbers for a pass that frees what it is given. */
function copyOf({ sum, y }: Stream): Stream {
  return { sum: sum.clone(), y: y.clone() };
}

/** Looks the tokens up. */
function embed({ config, parameters }: Model<DecoderConfig>, batch: PackedBatch, key: dropout.DropoutKey | undefined) {
  const names = decoderNames[config.family];
  const position = names.position === undefined ? undefined : parameters.get(names.position);
  const lookup = embedding.forward(batch, { word: parameters.get(names.word), position });
  const dropped = dropout.forward(lookup.y, config.embeddingDropout, key, "embeddings");
  if (dropped.y !== lookup.y) free(lookup.y);
  return { x: dropped.y, lookup: lookup.saved, dropout: dropped.saved };
}

/** The angles of the batch's positions, where the model turns queries and keys. */
function anglesOf({ rotary, headSize }: DecoderConfig, batch: PackedBatch): RotaryTables | undefined {
  if (!rotary) return undefined;
  return rotaryTables(rotaryFrequencies(rotary, headSize), Math.max(...batch.attention.sequences.map(({ length }) => length)));
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
