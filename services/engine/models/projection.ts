import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { adapterNames } from "#core/models/adapter.js";
import { decoderNames } from "#core/models/decoderParameters.js";
import { isDecoder } from "#core/models/modelConfig.js";
import type { DropoutKey } from "../layers/dropout.js";
import * as linear from "../layers/linear.js";
import * as lowRank from "../layers/lowRank.js";
import { add, biasAdd, free, sumAxis } from "../ops.js";
import { type GradientSink, isTrained, type Model } from "./model.js";

/** A linear layer of a model, by the prefix of its parameters' names, and the dropout of its adapter (`undefined`: none). */
export interface ProjectionCall {
  model: Model;
  name: string;
  key: DropoutKey | undefined;
  layout: linear.WeightLayout;
}

/** A linear layer of a model, its weight lying as its family's do. */
export function at(model: Model, name: string, key: DropoutKey | undefined): ProjectionCall {
  const { config } = model;
  return { model, name, key, layout: isDecoder(config) && decoderNames[config.family].inputFirst ? "input first" : "output first" };
}

/** The input is the caller's; what an adapter saved is owned here. */
export interface ProjectionSaved {
  call: ProjectionCall;
  linear: linear.LinearSaved;
  lowRank: lowRank.LowRankSaved | undefined;
}

/**
 * The layer without its bias, with its adapter where it has one.
 * @param x [rows, in], the caller's until `multiplyBackward` has run
 * @returns y [rows, out]
 */
export function multiply(x: Tensor, call: ProjectionCall): { y: Tensor; saved: ProjectionSaved } {
  const { model, name, key, layout } = call;
  const { y: product, saved } = linear.multiply(x, model.parameters.get(`${name}.weight`), layout);
  if (!model.adapter?.targets.has(name)) return { y: product, saved: { call, linear: saved, lowRank: undefined } };
  const { factor, dropout: rate } = model.adapter;
  const parameters = { a: model.parameters.get(adapterNames.a(name)), b: model.parameters.get(adapterNames.b(name)) };
  const added = lowRank.forward(x, parameters, { factor, rate, key, place: `${name}/adapter` });
  const y = add(product, added.y);
  free(product, added.y);
  return { y, saved: { call, linear: saved, lowRank: added.saved } };
}

/**
 * Of `multiply`; frees what an adapter saved.
 * @param dy [rows, out]
 * @returns dx [rows, in]
 */
export function multiplyBackward(dy: Tensor, { call, linear: saved, lowRank: added }: ProjectionSaved, sink: GradientSink): Tensor {
  const { model, name } = call;
  if (isTrained(model, `${name}.weight`)) sink(`${name}.weight`, linear.weightGradient(dy, saved));
  const dx = linear.inputGradient(dy, saved);
  if (!added) return dx;
  const beside = lowRank.backward(dy, added);
  sink(adapterNames.a(name), beside.gradients.a);
  sink(adapterNames.b(name), beside.gradients.b);
  const sum = add(dx, beside.dx);
  free(dx, beside.dx);
  return sum;
}

/**
 * The layer with its bias.
 * @param x [rows, in], the caller's until `backward` has run
 * @returns y [rows, out]
 */
export function forward(x: Tensor, call: ProjectionCall): { y: Tensor; saved: ProjectionSaved } {
  const { y: product, saved } = multiply(x, call);
  const y = biasAdd(product, call.model.parameters.get(`${call.name}.bias`));
  free(product);
  return { y, saved };
}

/**
 * Of `forward`; frees what an adapter saved.
 * @param dy [rows, out]
 * @returns dx [rows, in]
 */
export function backward(dy: Tensor, saved: ProjectionSaved, sink: GradientSink): Tensor {
  const { model, name } = saved.call;
  if (isTrained(model, `${name}.bias`)) sink(`${name}.bias`, sumAxis(dy, 0));
  return multiplyBackward(dy, saved, sink);
}
