import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { EncoderConfig } from "#core/models/encoderConfig.js";
import { encoderNames, type LayerNames } from "#core/models/encoderParameters.js";
import * as attention from "../layers/attention.js";
import type { AttentionLayout } from "../layers/attentionLayout.js";
import * as biasGelu from "../layers/biasGelu.js";
import type { DropoutKey } from "../layers/dropout.js";
import * as residualNorm from "../layers/residualNorm.js";
import { add, free } from "../ops.js";
import { give, type GradientSink, type Model, pair } from "./model.js";
import * as projection from "./projection.js";

/** What one encoder layer's backward pass reads; the inputs inside the linear layers' parts are owned here, but for `x`. */
export interface EncoderLayerSaved {
  query: projection.ProjectionSaved;
  key: projection.ProjectionSaved;
  value: projection.ProjectionSaved;
  attention: attention.AttentionSaved;
  output: projection.ProjectionSaved;
  outputNorm: residualNorm.ResidualNormSaved;
  widen: projection.ProjectionSaved;
  gelu: biasGelu.BiasGeluSaved;
  narrow: projection.ProjectionSaved;
  narrowNorm: residualNorm.ResidualNormSaved;
}

/** How a pass runs: which layer, over which layout, with which dropout (`undefined`: none). */
export interface LayerCall {
  model: Model<EncoderConfig>;
  layer: number;
  layout: AttentionLayout;
  key: DropoutKey | undefined;
}

/**
 * Attention and a two-layer network, each added to its input and normalised after.
 * @param x [rows, hidden], the caller's until `backward` has run
 * @returns y [rows, hidden], the caller's
 */
export function forward(x: Tensor, call: LayerCall): { y: Tensor; saved: EncoderLayerSaved } {
  const { model, layer, layout, key } = call;
  const { config, parameters } = model;
  const names = encoderNames[config.family].layer(layer);
  const at = (name: string) => projection.at(model, name, key);
  const query = projection.forward(x, at(names.query));
  const keys = projection.forward(x, at(names.key));
  const value = projection.forward(x, at(names.value));
  const rate = config.attentionDropout;
  const mixed = attention.forward({ q: query.y, k: keys.y, v: value.y }, layout, rate, key, `layer ${layer}/probabilities`);
  const output = projection.multiply(mixed.y, at(names.output));
  const first = residual(x, { product: output.y, name: names.output }, call, `layer ${layer}/attention`, names.outputNorm);
  const widened = projection.multiply(first.y, at(names.widen));
  const active = biasGelu.forward(widened.y, parameters.get(`${names.widen}.bias`), "none");
  const narrowed = projection.multiply(active.y, at(names.narrow));
  const second = residual(first.y, { product: narrowed.y, name: names.narrow }, call, `layer ${layer}/output`, names.narrowNorm);
  return {
    y: second.y,
    saved: {
      query: query.saved,
      key: keys.saved,
      value: value.saved,
      attention: mixed.saved,
      output: output.saved,
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
  sink(`${names.narrow}.bias`, narrowNorm.dBranchBias);
  const dActive = projection.multiplyBackward(narrowNorm.dBranch, saved.narrow, sink);
  const gelu = biasGelu.backward(dActive, saved.gelu);
  sink(`${names.widen}.bias`, gelu.dBias);
  free(dy, narrowNorm.dBranch, saved.narrow.linear.x, saved.gelu.x, dActive);
  const dWidened = projection.multiplyBackward(gelu.dx, saved.widen, sink);
  const dFirst = add(narrowNorm.dx, dWidened);
  free(gelu.dx, narrowNorm.dx, dWidened, saved.widen.linear.x);

  const outputNorm = residualNorm.backward(dFirst, saved.outputNorm);
  give(sink, names.outputNorm, outputNorm.gradients);
  sink(`${names.output}.bias`, outputNorm.dBranchBias);
  const dMixed = projection.multiplyBackward(outputNorm.dBranch, saved.output, sink);
  const mixed = attention.backward(dMixed, saved.attention);
  free(dFirst, outputNorm.dBranch, dMixed, saved.output.linear.x);

  let dx = outputNorm.dx;
  for (const [name, gradient] of [
    ["query", mixed.dq],
    ["key", mixed.dk],
    ["value", mixed.dv],
  ] as const) {
    const part = projection.backward(gradient, saved[name], sink);
    const sum = add(dx, part);
    free(dx, gradient, part);
    dx = sum;
  }
  return dx;
}

/** norm(x + dropout(branch)); frees the branch's product. */
function residual(
  x: Tensor,
  branch: { product: Tensor; name: string },
  { model: { config, parameters }, key }: LayerCall,
  place: string,
  norm: string,
): { y: Tensor; saved: residualNorm.ResidualNormSaved } {
  const { product } = branch;
  const result = residualNorm.forward(
    x,
    { product, bias: parameters.get(`${branch.name}.bias`) },
    {
      norm: pair(parameters, norm),
      epsilon: config.layerNormEpsilon,
      rate: config.hiddenDropout,
      key,
      place,
    },
  );
  free(product);
  return result;
}
