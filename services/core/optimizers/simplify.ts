import { isScalar, keyOf, once } from "./analyse.js";
import { type Expression, add, div, expression, mul, neg } from "./expression.js";

/**
 * Rewrites a formula so that vector instructions have scalars where the fused ones want them: subtraction and division by a scalar become
 * addition and multiplication, scalar factors of a product move to its front and merge. The value changes by rounding only.
 */
export const simplify: (node: Expression) => Expression = once((node) => {
  if (node.kind === "reduction") return { ...node, of: simplify(node.of) };
  if (node.kind !== "operation") return node;
  if (isScalar(node)) return { ...node, operands: node.operands.map(simplify) };
  const [a, b, c] = node.operands.map(simplify);
  if (!a) throw new Error(`${node.operator} has no operand`);
  switch (node.operator) {
    case "neg":
      return scaled(expression(-1), a);
    case "sub":
      if (!b) break;
      // A wrapper that leaves the step as it is: (parameter + update) - parameter is the update.
      if (a.kind === "operation" && a.operator === "add" && a.operands[0] && keyOf(a.operands[0]) === keyOf(b)) return a.operands[1] ?? a;
      return isScalar(b) ? add(a, neg(b)) : simplify(add(a, scaled(expression(-1), b)));
    case "mul":
      if (!b) break;
      if (isScalar(a)) return scaled(a, b);
      if (isScalar(b)) return scaled(b, a);
      break;
    case "div":
      if (!b) break;
      if (isScalar(b)) return scaled(div(1, b), a);
      break;
    case "add":
      // The scalar second, and no other order: sums stay in the order in which the formula has them.
      if (b && isScalar(a)) return add(b, a);
      break;
    default:
  }
  return { ...node, operands: [a, b, c].filter((operand) => operand !== undefined) };
});

function scaled(factor: Expression, vector: Expression): Expression {
  if (vector.kind === "operation" && vector.operator === "mul") {
    const [inner, rest] = vector.operands;
    if (inner && rest && isScalar(inner)) return mul(mul(factor, inner), rest);
  }
  return mul(factor, vector);
}
