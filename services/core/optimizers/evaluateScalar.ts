import { keyOf } from "./analyse.js";
import type { Expression, StepScalar, TensorScalar } from "./expression.js";
import { applyOperator } from "./operators.js";

/** What the host knows about a step: see `StepScalar`. */
export type StepScalars = Readonly<Record<Exclude<StepScalar, "totalSize">, number>>;
/** What the host knows about a tensor: see `TensorScalar`. */
export type TensorScalars = Readonly<Record<TensorScalar, number>>;

/** What scalars are evaluated from. */
export interface ScalarEnvironment {
  readonly step: Readonly<Record<StepScalar, number>>;
  readonly tensors: readonly TensorScalars[];
  /** By key: one number for the optimizer, or one for each tensor. */
  readonly remembered: ReadonlyMap<string, number | Float64Array>;
  /** Sums of the stages that have run, by the formula's key: one for each tensor, or their sum. */
  readonly reductions: ReadonlyMap<string, number | Float64Array>;
}

type Evaluator = (environment: ScalarEnvironment, tensor: number) => number;

const evaluators = new WeakMap<Expression, Evaluator>();

/** The value of a scalar formula for one tensor, in float64. */
export function evaluateScalar(formula: Expression, environment: ScalarEnvironment, tensor: number): number {
  return evaluatorOf(formula)(environment, tensor);
}

function evaluatorOf(formula: Expression): Evaluator {
  let evaluator = evaluators.get(formula);
  if (!evaluator) {
    evaluator = build(formula);
    evaluators.set(formula, evaluator);
  }
  return evaluator;
}

function build(node: Expression): Evaluator {
  switch (node.kind) {
    case "constant":
      return () => node.value;
    case "step":
      return ({ step }) => step[node.scalar];
    case "tensor":
      return ({ tensors }, tensor) => tensors[tensor]?.[node.scalar] ?? Number.NaN;
    case "remembered":
      return ({ remembered }, tensor) => at(remembered.get(node.key), tensor);
    case "reduction": {
      const key = keyOf(node);
      return ({ reductions }, tensor) => at(reductions.get(key), tensor);
    }
    case "operation": {
      const operands = node.operands.map(evaluatorOf);
      return (environment, tensor) =>
        applyOperator(
          node.operator,
          operands.map((operand) => operand(environment, tensor)),
        );
    }
    case "stream":
      throw new Error(`"${node.stream}" is a vector, not a scalar`);
  }
}

function at(value: number | Float64Array | undefined, tensor: number): number {
  return typeof value === "number" ? value : (value?.[tensor] ?? Number.NaN);
}
