import { createHash } from "node:crypto";
import type { Expression, Scope } from "./expression.js";

/** A function of a formula that is computed once for each part: chains share parts so often that their number counted as trees is 2^n. */
export function once<T>(compute: (node: Expression) => T): (node: Expression) => T {
  const known = new WeakMap<Expression, { value: T }>();
  return (node) => {
    let found = known.get(node);
    if (!found) {
      found = { value: compute(node) };
      known.set(node, found);
    }
    return found.value;
  };
}

/** Whether the host can evaluate it: no stream in it but inside reductions. */
export const isScalar: (node: Expression) => boolean = once((node) =>
  node.kind === "operation" ? node.operands.every(isScalar) : node.kind !== "stream",
);

/** Whether a scalar is the same for all tensors. */
export const scopeOf: (scalar: Expression) => Scope = once((scalar) => {
  switch (scalar.kind) {
    case "operation":
      return scalar.operands.some((operand) => scopeOf(operand) === "tensor") ? "tensor" : "step";
    case "remembered":
    case "reduction":
      return scalar.scope;
    case "tensor":
    case "stream":
      return "tensor";
    default:
      return "step";
  }
});

/** The pass over the tensors in which a formula can be computed: 0, or one after the last pass whose reductions it needs. */
export const stageOf: (node: Expression) => number = once((node) => {
  if (node.kind === "reduction") return 1 + stageOf(node.of);
  return node.kind === "operation" ? Math.max(0, ...node.operands.map(stageOf)) : 0;
});

/** Longer ones are shortened to their digest, for they hold those of their parts. */
const longestKey = 200;

/** Equal for equal formulas. */
export const keyOf: (node: Expression) => string = once((node) => {
  const key = spell(node);
  return key.length <= longestKey ? key : createHash("sha256").update(key).digest("base64");
});

/** Calls `visit` once for each part of some formulas, a part after its own parts. */
export function eachPart(roots: readonly Expression[], visit: (node: Expression) => void): void {
  const seen = new Set<Expression>();
  const walk = (node: Expression): void => {
    if (seen.has(node)) return;
    seen.add(node);
    if (node.kind === "reduction") walk(node.of);
    if (node.kind === "operation") node.operands.forEach(walk);
    visit(node);
  };
  roots.forEach(walk);
}

function spell(node: Expression): string {
  switch (node.kind) {
    case "operation":
      return `${node.operator}(${node.operands.map(keyOf).join(",")})`;
    case "reduction":
      return `${node.scope} ${node.reduce}(${keyOf(node.of)})`;
    case "stream":
      return `stream ${node.stream}`;
    case "constant":
      return `${node.value}`;
    case "remembered":
      return `remembered ${node.key}`;
    default:
      return `${node.kind} ${node.scalar}`;
  }
}

/** All reductions in some formulas, inner ones first, each once. */
export function reductionsOf(roots: readonly Expression[]): Extract<Expression, { kind: "reduction" }>[] {
  const found = new Map<string, Extract<Expression, { kind: "reduction" }>>();
  eachPart(roots, (node) => {
    if (node.kind === "reduction" && !found.has(keyOf(node))) found.set(keyOf(node), node);
  });
  return [...found.values()];
}
