import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { BertConfig } from "#core/models/bertConfig.js";
import { layerPrefix } from "#core/models/bertParameters.js";
import * as attention from "../layers/attention.js";
import * as dropout from "../layers/dropout.js";
import * as gelu from "../layers/gelu.js";
import * as layerNorm from "../layers/layerNorm.js";
import * as linear from "../layers/linear.js";
import { add, free } from "../ops.js";
import type { Parameters } from "../parameters.js";

/** Receives each gradient once; the receiver owns it. */
export type GradientSink = (name: string, gradient: Tensor) => void;

/** A weight and a bias by their common prefix. */
export function pair(parameters: Parameters, prefix: string): { weight: Tensor; bias: Tensor } {
  return { weight: parameters.get(`${prefix}.weight`), bias: parameters.get(`${prefix}.bias`) };
}

/** Hands a weight's and a bias's gradient to a sink. */
export function give(sink: GradientSink, prefix: string, gradients: { weight: Tensor; bias: Tensor }): void {
  sink(`${prefix}.weight`, gradients.weight);
  sink(`${prefix}.bias`, gradients.bias);
}

/** What one encoder layer's backward pass reads; everything but `x` (inside the linear layers' parts) is owned here. */
export interface BertLayerSaved {
  query: linear.LinearSaved;
  key: linear.LinearSaved;
  value: linear.LinearSaved;
  attention: attention.AttentionSaved;
  output: linear.LinearSaved;
  outputDropout: dropout.DropoutSaved;
  outputNorm: layerNorm.LayerNormSaved;
  widen: linear.LinearSaved;
  gelu: gelu.GeluSaved;
  narrow: linear.LinearSaved;
  narrowDropout: dropout.DropoutSaved;
  narrowNorm: layerNorm.LayerNormSaved;
}

/** How a pass runs: which layer, over which layout, with which dropout (`undefined`: none). */
export interface LayerCall {
  parameters: Parameters;
  config: BertConfig;
  layer: number;
  layout: attention.AttentionLayout;
  key: dropout.DropoutKey | undefined;
}

/**
 * Attention and a two-layer network, each added to its input and normalised after.
 * @param x [rows, hidden], the caller's until `backward` has run
 * @returns y [rows, hidden], the caller's
 */
export function forward(x: Tensor, call: LayerCall): { y: Tensor; saved: BertLayerSaved } {
  const { parameters, config, layer, layout, key } = call;
  const prefix = layerPrefix(layer);
  const query = linear.forward(x, pair(parameters, `${prefix}.attention.self.query`));
  const keys = linear.forward(x, pair(parameters, `${prefix}.attention.self.key`));
  const value = linear.forward(x, pair(parameters, `${prefix}.attention.self.value`));
  const rate = config.attentionDropout;
  const mixed = attention.forward({ q: query.y, k: keys.y, v: value.y }, layout, rate, key, `layer ${layer}/probabilities`);
  free(query.y, keys.y, value.y);
  const output = linear.forward(mixed.y, pair(parameters, `${prefix}.attention.output.dense`));
  const first = addAndNormalise(x, output.y, call, `layer ${layer}/attention`, `${prefix}.attention.output.LayerNorm`);
  const widen = linear.forward(first.y, pair(parameters, `${prefix}.intermediate.dense`));
  const active = gelu.forward(widen.y);
  const narrow = linear.forward(active.y, pair(parameters, `${prefix}.output.dense`));
  const second = addAndNormalise(first.y, narrow.y, call, `layer ${layer}/output`, `${prefix}.output.LayerNorm`);
  return {
    y: second.y,
    saved: {
      query: query.saved,
      key: keys.saved,
      value: value.saved,
      attention: mixed.saved,
      output: output.saved,
      outputDropout: first.dropout,
      outputNorm: first.norm,
      widen: widen.saved,
      gelu: active.saved,
      narrow: narrow.saved,
      narrowDropout: second.dropout,
      narrowNorm: second.norm,
    },
  };
}

/**
 * Frees what `forward` saved.
 * @param dy [rows, hidden], owned here; rows of no token must be 0
 * @returns dx [rows, hidden]
 */
export function backward(dy: Tensor, saved: BertLayerSaved, layer: number, sink: GradientSink): Tensor {
  const prefix = layerPrefix(layer);
  const narrowNorm = layerNorm.backward(dy, saved.narrowNorm);
  give(sink, `${prefix}.output.LayerNorm`, narrowNorm.gradients);
  const { dx: dNarrow } = dropout.backward(narrowNorm.dx, saved.narrowDropout);
  const narrow = linear.backward(dNarrow, saved.narrow);
  give(sink, `${prefix}.output.dense`, narrow.gradients);
  const { dx: dWide } = gelu.backward(narrow.dx, saved.gelu);
  free(dy, saved.narrow.x, saved.gelu.x, narrow.dx);
  if (dNarrow !== narrowNorm.dx) free(dNarrow);
  const widen = linear.backward(dWide, saved.widen);
  give(sink, `${prefix}.intermediate.dense`, widen.gradients);
  const dFirst = add(narrowNorm.dx, widen.dx);
  free(dWide, narrowNorm.dx, widen.dx, saved.widen.x);

  const outputNorm = layerNorm.backward(dFirst, saved.outputNorm);
  give(sink, `${prefix}.attention.output.LayerNorm`, outputNorm.gradients);
  const { dx: dOutput } = dropout.backward(outputNorm.dx, saved.outputDropout);
  const output = linear.backward(dOutput, saved.output);
  give(sink, `${prefix}.attention.output.dense`, output.gradients);
  const mixed = attention.backward(output.dx, saved.attention);
  free(dFirst, output.dx, saved.output.x);
  if (dOutput !== outputNorm.dx) free(dOutput);

  let dx = outputNorm.dx;
  for (const [name, gradient] of [
    ["query", mixed.dq],
    ["key", mixed.dk],
    ["value", mixed.dv],
  ] as const) {
    const projection = linear.backward(gradient, saved[name]);
    give(sink, `${prefix}.attention.self.${name}`, projection.gradients);
    const sum = add(dx, projection.dx);
    free(dx, gradient, projection.dx);
    dx = sum;
  }
  return dx;
}

/** y = norm(x + dropout(branch)); frees the branch. */
function addAndNormalise(
  x: Tensor,
  branch: Tensor,
  { parameters, config, key }: LayerCall,
  place: string,
  norm: string,
): { y: Tensor; dropout: dropout.DropoutSaved; norm: layerNorm.LayerNormSaved } {
  const dropped = dropout.forward(branch, config.hiddenDropout, key, place);
  const sum = add(x, dropped.y);
  free(branch);
  if (dropped.y !== branch) free(dropped.y);
  const { y, saved } = layerNorm.forward(sum, pair(parameters, norm), config.layerNormEpsilon);
  free(sum);
  return { y, dropout: dropped.saved, norm: saved };
}
