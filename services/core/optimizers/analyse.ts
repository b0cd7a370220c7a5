import type { Expression, Scope } from "./expression.js";

/** Whether the host can evaluate it: no stream in it but inside reductions. */
export function isScalar(node: Expression): boolean {
  return node.kind === "operation" ? node.operands.every(isScalar) : node.kind !== "stream";
}

/** Whether a scalar is the same for all tensors. */
export function scopeOf(scalar: Expression): Scope {
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
}

/** The pass over the tensors in which a formula can be computed: 0, or one after the last pass whose reductions it needs. */
export function stageOf(node: Expression): number {
  if (node.kind === "reduction") return 1 + stageOf(node.of);
  return node.kind === "operation" ? Math.max(0, ...node.operands.map(stageOf)) : 0;
}

const keys = new WeakMap<Expression, string>();

/** Equal for equal formulas. */
export function keyOf(node: Expression): string {
  let key = keys.get(node);
  if (key === undefined) {
    key = spell(node);
    keys.set(node, key);
  }
  return key;
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

/** All reductions in a formula, inner ones first, each once. */
export function reductionsOf(roots: readonly Expression[]): Extract<Expression, { kind: "reduction" }>[] {
  const found = new Map<string, Extract<Expression, { kind: "reduction" }>>();
  const visit = (node: Expression): void => {
    if (node.kind === "operation") node.operands.forEach(visit);
    if (node.kind !== "reduction" || found.has(keyOf(node))) return;
    visit(node.of);
    found.set(keyOf(node), node);
  };
  roots.forEach(visit);
  return [...found.values()];
}
