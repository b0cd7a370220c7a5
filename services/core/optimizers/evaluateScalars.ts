import type { Expression, StepScalar, TensorScalar } from "./expression.js";
import { applyOperator } from "./operators.js";
import type { Program } from "./program.js";

/** What the host knows about a step. `learningRate` has the schedule applied, `gradientScale` is the clipping factor, `step` is from 1. */
export type StepScalars = Readonly<Record<StepScalar, number>>;
/** What the host knows about a tensor. Tensors with equal values form a parameter group. */
export type TensorScalars = Readonly<Record<TensorScalar, number>>;

/** The values of a program's scalar slots for one step and one parameter group, in float64. */
export function evaluateScalars(program: Pick<Program, "scalars">, step: StepScalars, tensor: TensorScalars): Float64Array {
  const evaluate = (node: Expression): number => {
    switch (node.kind) {
      case "constant":
        return node.value;
      case "step":
        return step[node.scalar];
      case "tensor":
        return tensor[node.scalar];
      case "operation":
        return applyOperator(node.operator, node.operands.map(evaluate));
      case "stream":
        throw new Error(`"${node.stream}" is a vector, not a scalar`);
    }
  };
  return Float64Array.from(program.scalars, evaluate);
}
