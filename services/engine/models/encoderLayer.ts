import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { EncoderConfig } from "#core/models/encoderConfig.js";
import { encoderNames, type LayerNames } from "#core/models/encoderParameters.js";
import * as attention from "../layers/attention.js";
import * as biasGelu from "../layers/biasGelu.js";
import type { DropoutKey } from "../layers/dropout.js";
import * as linear from "../layers/linear.js";
import * as residualNorm from "../layers/residualNorm.js";
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
export interface EncoderLayerSaved {
  query: linear.LinearSaved;
  key: linear.LinearSaved;
  value: linear.LinearSaved;
  attention: attention.AttentionSaved;
  output: linear.LinearSaved;
  outputNorm: residualNorm.ResidualNormSaved;
  widen: linear.LinearSaved;
  gelu: biasGelu.BiasGeluSaved;
  narrow: linear.LinearSaved;
  narrowNorm: residualNorm.ResidualNormSaved;
}

/** How a pass runs: which layer, over which layout, with which dropout (`undefined`: none). */
export interface LayerCall {
  parameters: Parameters;
  config: EncoderConfig;
  layer: number;
  layout: attention.AttentionLayout;
  key: DropoutKey | undefined;
}

/**
 * Attention and a two-layer network, each added to its input and normalised after.
 * @param x [rows, hidden], the caller's until `backward` has run
 * @returns y [rows, hidden], the caller's
 */
export function forward(x: Tensor, call: LayerCall): { y: Tensor; saved: EncoderLayerSaved } {
  const { parameters, config, layer, layout, key } = call;
  const names = encoderNames[config.family].layer(layer);
  const query = linear.forward(x, pair(parameters, names.query));
  const keys = linear.forward(x, pair(parameters, names.key));
  const value = linear.forward(x, pair(parameters, names.value));
  const rate = config.attentionDropout;
  const mixed = attention.forward({ q: query.y, k: keys.y, v: value.y }, layout, rate, key, `layer ${layer}/probabilities`);
  const output = pair(parameters, names.output);
  const mixedOut = linear.multiply(mixed.y, output.weight);
  const first = residual(x, { product: mixedOut.y, bias: output.bias }, call, `layer ${layer}/attention`, names.outputNorm);
  const [wide, narrow] = [pair(parameters, names.widen), pair(parameters, names.narrow)];
  const widened = linear.multiply(first.y, wide.weight);
  const active = biasGelu.forward(widened.y, wide.bias, "none");
  const narrowed = linear.multiply(active.y, narrow.weight);
  const second = residual(first.y, { product: narrowed.y, bias: narrow.bias }, call, `layer ${layer}/output`, names.narrowNorm);
  return {
    y: second.y,
    saved: {
      query: query.saved,
      key: keys.saved,
      value: value.saved,
      attention: mixed.saved,
      output: mixedOut.saved,
      outputNorm: first.saved,
      widen: widened.saved,
      gelu: active.saved,
      narrow: narrowed.saved,
      narrowNorm: second.saved,
    },
  };
}

/**
 * Frees what `forward` saved.
 * @param dy [rows, hidden], owned here; rows of no token must be 0
 * @returns dx [rows, hidden]
 */
export function backward(dy: Tensor, saved: EncoderLayerSaved, names: LayerNames, sink: GradientSink): Tensor {
  const narrowNorm = residualNorm.backward(dy, saved.narrowNorm);
  give(sink, names.narrowNorm, narrowNorm.gradients);
  const narrow = linear.multiplyBackward(narrowNorm.dBranch, saved.narrow);
  give(sink, names.narrow, { weight: narrow.dWeight, bias: narrowNorm.dBranchBias });
  const gelu = biasGelu.backward(narrow.dx, saved.gelu);
  free(dy, narrowNorm.dBranch, saved.narrow.x, saved.gelu.x, narrow.dx);
  const widen = linear.multiplyBackward(gelu.dx, saved.widen);
  give(sink, names.widen, { weight: widen.dWeight, bias: gelu.dBias });
  const dFirst = add(narrowNorm.dx, widen.dx);
  free(gelu.dx, narrowNorm.dx, widen.dx, saved.widen.x);

  const outputNorm = residualNorm.backward(dFirst, saved.outputNorm);
  give(sink, names.outputNorm, outputNorm.gradients);
  const output = linear.multiplyBackward(outputNorm.dBranch, saved.output);
  give(sink, names.output, { weight: output.dWeight, bias: outputNorm.dBranchBias });
  const mixed = attention.backward(output.dx, saved.attention);
  free(dFirst, outputNorm.dBranch, output.dx, saved.output.x);

  let dx = outputNorm.dx;
  for (const [name, gradient] of [
    ["query", mixed.dq],
    ["key", mixed.dk],
    ["value", mixed.dv],
  ] as const) {
    const projection = linear.backward(gradient, saved[name]);
    give(sink, names[name], projection.gradients);
    const sum = add(dx, projection.dx);
    free(dx, gradient, projection.dx);
    dx = sum;
  }
  return dx;
}

/** norm(x + dropout(branch)); frees the branch's product. */
function residual(
  x: Tensor,
  branch: { product: Tensor; bias: Tensor },
  { parameters, config, key }: LayerCall,
  place: string,
  norm: string,
): { y: Tensor; saved: residualNorm.ResidualNormSaved } {
  const result = residualNorm.forward(x, branch, {
    norm: pair(parameters, norm),
    epsilon: config.layerNormEpsilon,
    rate: config.hiddenDropout,
    key,
    place,
  });
  free(branch.product);
  return result;
}
