import { eachPart, isScalar, keyOf, once, scopeOf, stageOf } from "./analyse.js";
import type { Expression } from "./expression.js";

/**
 * The conditions of `select` that are known before the step and choose between vectors: each outcome has a program of its own, so that the
 * side that is not chosen costs nothing.
 */
export function conditionsOf(roots: readonly Expression[]): Expression[] {
  const found = new Map<string, Expression>();
  eachPart(roots, (node) => {
    const condition = node.kind === "operation" ? conditionOf(node) : undefined;
    if (condition) found.set(keyOf(condition), condition);
  });
  return [...found.values()];
}

/**
 * Puts the chosen side in the place of each `select` whose condition has an outcome.
 * @param outcomes by the condition's key
 * @returns a function of a formula; parts that formulas share stay shared
 */
export function chooser(outcomes: ReadonlyMap<string, boolean>): (node: Expression) => Expression {
  const choose: (node: Expression) => Expression = once((node) => {
    if (node.kind === "reduction") return { ...node, of: choose(node.of) };
    if (node.kind !== "operation") return node;
    const condition = conditionOf(node);
    const outcome = condition && outcomes.get(keyOf(condition));
    const [, then, otherwise] = node.operands;
    if (outcome !== undefined && then && otherwise) return choose(outcome ? then : otherwise);
    return { ...node, operands: node.operands.map(choose) };
  });
  return choose;
}

function conditionOf(node: Extract<Expression, { kind: "operation" }>): Expression | undefined {
  const [condition] = node.operands;
  const decides = node.operator === "select" && condition && isScalar(condition) && !isScalar(node);
  return decides && scopeOf(condition) === "step" && stageOf(condition) === 0 ? condition : undefined;
}
