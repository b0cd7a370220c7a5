import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { decoderNames } from "#core/models/decoderParameters.js";
import { encoderNames } from "#core/models/encoderParameters.js";
import { isDecoder } from "#core/models/modelConfig.js";
import * as classificationHead from "../layers/classificationHead.js";
import type { DropoutKey } from "../layers/dropout.js";
import * as lastTokenHead from "../layers/lastTokenHead.js";
import { give, type GradientSink, type Model, pair } from "./model.js";
import type { PackedBatch } from "./packBatch.js";

/** Owned here. */
export type SequenceHeadSaved =
  | { first: classificationHead.HeadSaved; names: { dense: string; classifier: string } }
  | { last: lastTokenHead.LastTokenHeadSaved; name: string };

/**
 * What a model says of each sequence: an encoder by its first token, a decoder by its last.
 * @param x [rows, hidden]
 * @param key of dropout; `undefined`: none
 * @returns y [sequences, outputs], the caller's
 */
export function forward(
  { config, parameters }: Model,
  x: Tensor,
  batch: PackedBatch,
  key: DropoutKey | undefined,
): { y: Tensor; saved: SequenceHeadSaved } {
  if (isDecoder(config)) {
    const name = `${decoderNames[config.family].classifier}.weight`;
    const { y, saved } = lastTokenHead.forward(x, batch.last, parameters.get(name));
    return { y, saved: { last: saved, name } };
  }
  const names = encoderNames[config.family];
  const [dense, classifier] = [pair(parameters, names.dense), pair(parameters, names.classifier)];
  const call = { family: config.family, dense, classifier, rate: config.classifierDropout, key };
  const { y, saved } = classificationHead.forward(x, batch.first, call);
  return { y, saved: { first: saved, names } };
}

/**
 * Frees what `forward` saved.
 * @param dy [sequences, outputs]
 * @returns dx [rows, hidden]
 */
export function backward(dy: Tensor, saved: SequenceHeadSaved, sink: GradientSink): Tensor {
  if ("last" in saved) {
    const { dx, dWeight } = lastTokenHead.backward(dy, saved.last);
    sink(saved.name, dWeight);
    return dx;
  }
  const { dx, gradients } = classificationHead.backward(dy, saved.first);
  give(sink, saved.names.classifier, gradients.classifier);
  give(sink, saved.names.dense, gradients.dense);
  return dx;
}
