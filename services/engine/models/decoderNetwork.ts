import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { DecoderConfig } from "#core/models/decoderConfig.js";
import type { DecoderLayerNames } from "#core/models/decoderParameters.js";
import * as biasGelu from "../layers/biasGelu.js";
import type { DropoutKey } from "../layers/dropout.js";
import * as swiGlu from "../layers/swiGlu.js";
import { add, free } from "../ops.js";
import type { GradientSink, Model } from "./model.js";
import * as projection from "./projection.js";

/** What the backward pass reads, owned here. */
export interface NetworkSaved {
  names: DecoderLayerNames;
  /** Whether the inner layers have biases of their own here. */
  biases: boolean;
  up: projection.ProjectionSaved;
  active: { gelu: biasGelu.BiasGeluSaved } | { gated: swiGlu.SwiGluSaved; gate: projection.ProjectionSaved };
  down: projection.ProjectionSaved;
}

/**
 * The network of a decoder layer: up, an activation (with a gate besides, where the model has one), down.
 * @param x [rows, hidden], owned here
 * @returns product [rows, hidden], without the last bias
 */
export function forward(
  x: Tensor,
  call: { model: Model<DecoderConfig>; names: DecoderLayerNames; key: DropoutKey | undefined },
): { product: Tensor; saved: NetworkSaved } {
  const { model, names, key } = call;
  const { activation, biases } = model.config;
  const at = (name: string) => projection.at(model, name, key);
  const withBias = biases.network ? projection.forward : projection.multiply;
  if (names.gate === undefined) {
    const up = projection.multiply(x, at(names.up));
    const form = activation === "gelu" ? "none" : "tanh";
    const { y, saved } = biasGelu.forward(up.y, model.parameters.get(`${names.up}.bias`), form);
    const down = projection.multiply(y, at(names.down));
    return { product: down.y, saved: { names, biases: false, up: up.saved, active: { gelu: saved }, down: down.saved } };
  }
  const gate = withBias(x, at(names.gate));
  const up = withBias(x, at(names.up));
  const { y, saved } = swiGlu.forward(gate.y, up.y);
  const down = projection.multiply(y, at(names.down));
  const active = { gated: saved, gate: gate.saved };
  return { product: down.y, saved: { names, biases: biases.network, up: up.saved, active, down: down.saved } };
}

/**
 * Frees what `forward` saved.
 * @param dy [rows, hidden]
 * @returns dx [rows, hidden]
 */
export function backward(dy: Tensor, { names, biases, up, active, down }: NetworkSaved, sink: GradientSink): Tensor {
  const dActive = projection.multiplyBackward(dy, down, sink);
  free(down.linear.x);
  if ("gelu" in active) {
    const { dx: dUp, dBias } = biasGelu.backward(dActive, active.gelu);
    sink(`${names.up}.bias`, dBias);
    const dx = projection.multiplyBackward(dUp, up, sink);
    free(dActive, active.gelu.x, dUp, up.linear.x);
    return dx;
  }
  const { dGate, dUp } = swiGlu.backward(dActive, active.gated);
  const back = biases ? projection.backward : projection.multiplyBackward;
  const parts = [back(dGate, active.gate, sink), back(dUp, up, sink)] as const;
  const dx = add(...parts);
  free(dActive, active.gated.gate, active.gated.up, dGate, dUp, ...parts, up.linear.x);
  return dx;
}
