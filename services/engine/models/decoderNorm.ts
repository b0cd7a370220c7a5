import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { decoderNames } from "#core/models/decoderParameters.js";
import type { DecoderConfig } from "#core/models/decoderConfig.js";
import type { DropoutKey } from "../layers/dropout.js";
import * as layerNorm from "../layers/layerNorm.js";
import type { ResidualNormSaved } from "../layers/residualNorm.js";
import * as rmsNorm from "../layers/rmsNorm.js";
import * as streamNorm from "../layers/streamNorm.js";
import * as streamRmsNorm from "../layers/streamRmsNorm.js";
import { add, biasAdd, free, sumAxis } from "../ops.js";
import { give, type GradientSink, type Model, pair } from "./model.js";

/** What goes from one half of a decoder layer to the next: the sum of all branches so far, and its norm, [rows, hidden] each. */
export interface Stream {
  sum: Tensor;
  y: Tensor;
}

/** A branch that is added: the product of a linear layer without its bias, the layer's prefix, and whether it has a bias. */
export interface Branch {
  product: Tensor;
  name: string;
  bias: boolean;
}

/** Owned here; an RMS norm's with the sum that it is of. */
export type EnterSaved = { layer: layerNorm.LayerNormSaved; name: string } | { rms: rmsNorm.RmsNormSaved; name: string };

/** As `EnterSaved`, with the branch's bias. */
export type JoinSaved = { name: string; branch: Omit<Branch, "product"> } & ({ layer: ResidualNormSaved } | { rms: rmsNorm.RmsNormSaved });

/**
 * The norm before the first layer.
 * @param x [rows, hidden], which becomes the stream's sum
 */
export function enter({ config, parameters }: Model<DecoderConfig>, x: Tensor, name: string): { stream: Stream; saved: EnterSaved } {
  if (decoderNames[config.family].normBias) {
    const { y, saved } = layerNorm.forward(x, pair(parameters, name), config.normEpsilon);
    return { stream: { sum: x, y }, saved: { layer: saved, name } };
  }
  const { y, saved } = rmsNorm.forward(x, parameters.get(`${name}.weight`), config.normEpsilon);
  return { stream: { sum: x, y }, saved: { rms: saved, name } };
}

/**
 * Frees what `enter` saved.
 * @param down gradients of the stream, the caller's
 * @returns dx [rows, hidden]
 */
export function enterBackward(down: Stream, saved: EnterSaved, sink: GradientSink): Tensor {
  let dNormed: Tensor;
  if ("layer" in saved) {
    const { dx, gradients } = layerNorm.backward(down.y, saved.layer);
    give(sink, saved.name, gradients);
    dNormed = dx;
  } else {
    const { dx, dWeight } = rmsNorm.backward(down.y, saved.rms);
    sink(`${saved.name}.weight`, dWeight);
    free(saved.rms.x);
    dNormed = dx;
  }
  const dx = add(down.sum, dNormed);
  free(dNormed);
  return dx;
}

/**
 * Adds a branch to the stream and normalises the sum. Frees the branch's product, and the old sum where no norm needs it again.
 * @param call.norm prefix of the norm's parameters
 */
export function join(
  { config, parameters }: Model<DecoderConfig>,
  stream: Stream,
  { product, name, bias }: Branch,
  call: { norm: string; key: DropoutKey | undefined; place: string },
): { stream: Stream; saved: JoinSaved } {
  const saved = { name: call.norm, branch: { name, bias } };
  const epsilon = config.normEpsilon;
  if (decoderNames[config.family].normBias) {
    const { key, place } = call;
    const how = { norm: pair(parameters, call.norm), epsilon, rate: config.hiddenDropout, key, place };
    const joined = streamNorm.forward(stream.sum, { product, bias: parameters.get(`${name}.bias`) }, how);
    free(product, stream.sum);
    return { stream: { sum: joined.sum, y: joined.y }, saved: { ...saved, layer: joined.saved } };
  }
  const branch = bias ? biasAdd(product, parameters.get(`${name}.bias`)) : product;
  const joined = streamRmsNorm.forward(stream.sum, branch, { weight: parameters.get(`${call.norm}.weight`), epsilon });
  free(...new Set([product, branch]));
  return { stream: { sum: joined.sum, y: joined.y }, saved: { ...saved, rms: joined.saved } };
}

/**
 * Frees what `join` saved.
 * @param down gradients of the stream, owned here
 * @returns dSum and dBranch [rows, hidden], which may be one tensor
 */
export function joinBackward(down: Stream, saved: JoinSaved, sink: GradientSink): { dSum: Tensor; dBranch: Tensor } {
  if ("layer" in saved) {
    const { dx, dBranch, dBranchBias, gradients } = streamNorm.backward(down.sum, down.y, saved.layer);
    give(sink, saved.name, gradients);
    sink(`${saved.branch.name}.bias`, dBranchBias);
    free(down.sum, down.y);
    return { dSum: dx, dBranch };
  }
  const { dx, dWeight } = streamRmsNorm.backward(down.sum, down.y, saved.rms);
  sink(`${saved.name}.weight`, dWeight);
  if (saved.branch.bias) sink(`${saved.branch.name}.bias`, sumAxis(dx, 0));
  free(down.sum, down.y, saved.rms.x);
  return { dSum: dx, dBranch: dx };
}
