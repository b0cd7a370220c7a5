import { isScalar, keyOf, scopeOf, stageOf } from "./analyse.js";
import type { Expression } from "./expression.js";

/**
 * The conditions of `select` that are known before the step and choose between vectors: each outcome has a program of its own, so that the
 * side that is not chosen costs nothing.
 */
export function conditionsOf(roots: readonly Expression[]): Expression[] {
  const found = new Map<string, Expression>();
  const visit = (node: Expression): void => {
    if (node.kind === "reduction") visit(node.of);
    if (node.kind !== "operation") return;
    const condition = conditionOf(node);
    if (condition) found.set(keyOf(condition), condition);
    node.operands.forEach(visit);
  };
  roots.forEach(visit);
  return [...found.values()];
}

/**
 * Puts the chosen side in the place of each `select` whose condition has an outcome.
 * @param outcomes by the condition's key
 */
export function choose(node: Expression, outcomes: ReadonlyMap<string, boolean>): Expression {
  if (node.kind === "reduction") return { ...node, of: choose(node.of, outcomes) };
  if (node.kind !== "operation") return node;
  const condition = conditionOf(node);
  const outcome = condition && outcomes.get(keyOf(condition));
  const [, then, otherwise] = node.operands;
  if (outcome !== undefined && then && otherwise) return choose(outcome ? then : otherwise, outcomes);
  return { ...node, operands: node.operands.map((operand) => choose(operand, outcomes)) };
}

function conditionOf(node: Extract<Expression, { kind: "operation" }>): Expression | undefined {
  const [condition] = node.operands;
  const decides = node.operator === "select" && condition && isScalar(condition) && !isScalar(node);
  return decides && scopeOf(condition) === "step" && stageOf(condition) === 0 ? condition : undefined;
}
