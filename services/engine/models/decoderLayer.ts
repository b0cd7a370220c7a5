import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { type DecoderLayerNames, decoderNames } from "#core/models/decoderParameters.js";
import type { DecoderConfig } from "#core/models/decoderConfig.js";
import * as attention from "../layers/attention.js";
import type { AttentionLayout } from "../layers/attentionLayout.js";
import type { DropoutKey } from "../layers/dropout.js";
import * as rotary from "../layers/rotary.js";
import { add, concatColumns, free, splitColumns } from "../ops.js";
import { join, joinBackward, type JoinSaved, type Stream } from "./decoderNorm.js";
import * as decoderNetwork from "./decoderNetwork.js";
import type { GradientSink, Model } from "./model.js";
import * as projection from "./projection.js";

/** How a pass runs: which layer, over which layout, turned how, with which dropout (`undefined`: none). */
export interface DecoderLayerCall {
  model: Model<DecoderConfig>;
  layer: number;
  layout: AttentionLayout;
  /** `undefined`: positions have a table. */
  turning: Omit<rotary.RotaryCall, "heads"> | undefined;
  key: DropoutKey | undefined;
  /** Prefix of the norm that follows this layer. */
  nextNorm: string;
}

/** What one layer's backward pass reads, owned here. */
export interface DecoderLayerSaved {
  call: DecoderLayerCall;
  /** The normed input. */
  y: Tensor;
  inputs: projection.ProjectionSaved[];
  attention: attention.AttentionSaved;
  output: projection.ProjectionSaved;
  first: JoinSaved;
  network: decoderNetwork.NetworkSaved;
  second: JoinSaved;
}

/**
 * Attention over the tokens so far and a two-layer network, each of the normed stream and added to it.
 * @param stream owned here
 * @returns the stream with both branches, normed by the next layer's norm
 */
export function forward(stream: Stream, call: DecoderLayerCall): { stream: Stream; saved: DecoderLayerSaved } {
  const { model, layer, layout, key } = call;
  const { config } = model;
  const names = decoderNames[config.family].layer(layer);
  const inputs = projectInputs(stream.y, call, names);
  const [q, k, v] = inputs.qkv;
  const mixed = attention.forward({ q, k, v }, layout, config.attentionDropout, key, `layer ${layer}/probabilities`);
  const output = projection.multiply(mixed.y, projection.at(model, names.output, key));
  const branch = { product: output.y, name: names.output, bias: config.biases.output };
  const first = join(model, stream, branch, { norm: names.networkNorm, key, place: `layer ${layer}/attention` });
  const network = decoderNetwork.forward(first.stream.y, { model, names, key });
  const wide = { product: network.product, name: names.down, bias: config.biases.network };
  const second = join(model, first.stream, wide, { norm: call.nextNorm, key, place: `layer ${layer}/output` });
  return {
    stream: second.stream,
    saved: {
      call,
      y: stream.y,
      inputs: inputs.saved,
      attention: mixed.saved,
      output: output.saved,
      first: first.saved,
      network: network.saved,
      second: second.saved,
    },
  };
}

/**
 * Frees what `forward` saved.
 * @param down gradients of the stream behind the layer, owned here; rows of no token must be 0
 * @returns gradients of the stream before it
 */
export function backward(down: Stream, saved: DecoderLayerSaved, sink: GradientSink): Stream {
  const second = joinBackward(down, saved.second, sink);
  const dFirst = decoderNetwork.backward(second.dBranch, saved.network, sink);
  if (second.dBranch !== second.dSum) free(second.dBranch);

  const first = joinBackward({ sum: second.dSum, y: dFirst }, saved.first, sink);
  const dMixed = projection.multiplyBackward(first.dBranch, saved.output, sink);
  if (first.dBranch !== first.dSum) free(first.dBranch);
  const { dq, dk, dv } = attention.backward(dMixed, saved.attention);
  free(dMixed, saved.output.linear.x);
  return { sum: first.dSum, y: inputsBackward([dq, dk, dv], saved, sink) };
}

type Three = [Tensor, Tensor, Tensor];

/** Queries, keys and values, turned where the model turns them. */
function projectInputs(
  y: Tensor,
  { model, turning, key }: DecoderLayerCall,
  { queryKeyValue: from }: DecoderLayerNames,
): { qkv: Three; saved: projection.ProjectionSaved[] } {
  const { heads, kvHeads, biases } = model.config;
  const project = (name: string) => (biases.queryKeyValue ? projection.forward : projection.multiply)(y, projection.at(model, name, key));
  if ("together" in from) {
    const all = project(from.together);
    const qkv = splitColumns(all.y, 3) as Three;
    free(all.y);
    return { qkv, saved: [all.saved] };
  }
  const parts = [project(from.query), project(from.key), project(from.value)] as const;
  const [q, k, v] = parts.map((part) => part.y) as Three;
  const saved = parts.map((part) => part.saved);
  if (!turning) return { qkv: [q, k, v], saved };
  const qkv: Three = [rotary.forward(q, { ...turning, heads }), rotary.forward(k, { ...turning, heads: kvHeads }), v];
  free(q, k);
  return { qkv, saved };
}

/** @param gradients of queries, keys and values, owned here */
function inputsBackward(gradients: Three, { call, y, inputs }: DecoderLayerSaved, sink: GradientSink): Tensor {
  const { model, turning } = call;
  const { heads, kvHeads, biases } = model.config;
  const back = biases.queryKeyValue ? projection.backward : projection.multiplyBackward;
  const [all, ...others] = inputs as [projection.ProjectionSaved, ...projection.ProjectionSaved[]];
  if (others.length === 0) {
    const joined = concatColumns(gradients);
    const dy = back(joined, all, sink);
    free(...gradients, joined, y);
    return dy;
  }
  const [dq, dk, dv] = gradients;
  const turned: Three = turning
    ? [rotary.backward(dq, { ...turning, heads }), rotary.backward(dk, { ...turning, heads: kvHeads }), dv]
    : gradients;
  const dy = turned
    .map((gradient, index) => back(gradient, inputs[index] as projection.ProjectionSaved, sink))
    .reduce((sum, part) => {
      const next = add(sum, part);
      free(sum, part);
      return next;
    });
  free(...new Set([...gradients, ...turned]), y);
  return dy;
}
