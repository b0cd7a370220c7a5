import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { isDecoder } from "#core/models/modelConfig.js";
import type { DecoderConfig } from "#core/models/decoderConfig.js";
import type { DropoutKey } from "../layers/dropout.js";
import * as decoder from "./decoder.js";
import * as encoder from "./encoder.js";
import type { EncoderConfig } from "#core/models/encoderConfig.js";
import type { GradientSink, Model } from "./model.js";
import type { PackedBatch } from "./packBatch.js";

// A model without its head: tokens in, hidden states out.

/** What the backward pass reads, owned by whoever calls it. */
export type BodySaved = { decoder: decoder.DecoderSaved } | { encoder: encoder.EncoderSaved };

/**
 * The last hidden states without dropout.
 * @returns [rows, hidden], the caller's
 */
export function infer(model: Model, batch: PackedBatch): Tensor {
  return isDecoderModel(model) ? decoder.infer(model, batch) : encoder.infer(model as Model<EncoderConfig>, batch);
}

/**
 * The last hidden states.
 * @param key of dropout; `undefined`: none
 * @returns y [rows, hidden], the caller's
 */
export function forward(model: Model, batch: PackedBatch, key: DropoutKey | undefined): { y: Tensor; saved: BodySaved } {
  if (isDecoderModel(model)) {
    const { y, saved } = decoder.forward(model, batch, key);
    return { y, saved: { decoder: saved } };
  }
  const { y, saved } = encoder.forward(model as Model<EncoderConfig>, batch, key);
  return { y, saved: { encoder: saved } };
}

/**
 * Frees what `forward` saved.
 * @param dy [rows, hidden], owned here; rows of no token must be 0
 */
export function backward(dy: Tensor, saved: BodySaved, model: Model, sink: GradientSink): void {
  if ("decoder" in saved) decoder.backward(dy, saved.decoder, model as Model<DecoderConfig>, sink);
  else encoder.backward(dy, saved.encoder, model as Model<EncoderConfig>, sink);
}

function isDecoderModel(model: Model): model is Model<DecoderConfig> {
  return isDecoder(model.config);
}
