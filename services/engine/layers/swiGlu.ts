import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { useKernels } from "../kernels.js";
import { add, free, mul, sub } from "../ops.js";
import { runOp, runOpOutputs } from "../tensorflow.js";

/** What `forward` was given, which is the caller's; of the twin sigmoid(gate) and silu(gate), owned here. */
export interface SwiGluSaved {
  gate: Tensor;
  up: Tensor;
  twin?: { sigmoid: Tensor; silu: Tensor };
}

/**
 * silu(gate) up with silu(z) = z sigmoid(z), the middle of a gated network.
 * Source: Shazeer, "GLU Variants Improve Transformer", arXiv:2002.05202.
 * @param gate [rows, m]
 * @param up [rows, m]
 * @returns y [rows, m]
 */
export function forward(gate: Tensor, up: Tensor): { y: Tensor; saved: SwiGluSaved } {
  if (useKernels()) return { y: runOp("StepwireSwiGlu", [gate, up]), saved: { gate, up } };
  const sigmoid = runOp("Sigmoid", [gate]);
  const silu = mul(gate, sigmoid);
  return { y: mul(silu, up), saved: { gate, up, twin: { sigmoid, silu } } };
}

/**
 * dy silu(gate) for `up`, and dy up (sigmoid + silu (1 - sigmoid)) for the gate. Frees what `forward` saved.
 * @param dy [rows, m]
 * @returns dGate and dUp [rows, m]
 */
export function backward(dy: Tensor, { gate, up, twin }: SwiGluSaved): { dGate: Tensor; dUp: Tensor } {
  if (!twin) {
    const [dGate, dUp] = runOpOutputs("StepwireSwiGluGrad", [dy, gate, up], {}, 2) as [Tensor, Tensor];
    return { dGate, dUp };
  }
  const { sigmoid, silu } = twin;
  const dUp = mul(dy, silu);
  const part = mul(silu, sigmoid);
  const rest = sub(silu, part);
  const slope = add(sigmoid, rest);
  const dSilu = mul(dy, up);
  const dGate = mul(dSilu, slope);
  free(sigmoid, silu, part, rest, slope, dSilu);
  return { dGate, dUp };
}
