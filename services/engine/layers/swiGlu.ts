import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { useKernels } from "../kernels.js";
import { add, free, mul, sub } from "../ops.js";
import { runOp, runOpOutputs, tf } from "../tensorflow.js";

/** The inputs, the caller's until `backward` has run; of the twin the gate's sigmoid, owned here. */
export interface SwiGluSaved {
  gate: Tensor;
  up: Tensor;
  share?: Tensor;
}

/**
 * gate sigmoid(gate) up.
 * Source: Shazeer, "GLU Variants Improve Transformer", arXiv:2002.05202.
 * @param gate [rows, n]
 * @param up [rows, n]
 * @returns y [rows, n]
 */
export function forward(gate: Tensor, up: Tensor): { y: Tensor; saved: SwiGluSaved } {
  if (useKernels()) return { y: runOp("StepwireSwiGlu", [gate, up]), saved: { gate, up } };
  const share = runOp("Sigmoid", [gate]);
  const active = mul(gate, share);
  const y = mul(active, up);
  free(active);
  return { y, saved: { gate, up, share } };
}

/**
 * Frees what `forward` saved.
 * @param dy [rows, n]
 * @returns the gradients of both inputs, [rows, n] each
 */
export function backward(dy: Tensor, { gate, up, share }: SwiGluSaved): { dGate: Tensor; dUp: Tensor } {
  if (!share) {
    const [dGate, dUp] = runOpOutputs("StepwireSwiGluGrad", [dy, gate, up], {}, 2) as [Tensor, Tensor];
    return { dGate, dUp };
  }
  const one = tf.scalar(1);
  const active = mul(gate, share);
  const rest = sub(one, share);
  const curve = mul(active, rest);
  const slope = add(share, curve);
  const weighted = mul(dy, up);
  const gradients = { dGate: mul(weighted, slope), dUp: mul(dy, active) };
  free(share, one, active, rest, curve, slope, weighted);
  return gradients;
}
