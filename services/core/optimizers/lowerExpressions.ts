import { isScalar, keyOf } from "./analyse.js";
import type { Expression } from "./expression.js";
import type { Operator } from "./operators.js";
import type { Opcode } from "./program.js";

/** An instruction before its vectors have places: each value is written once. Values below the number of streams are the streams. */
export interface ValueInstruction {
  readonly opcode: Opcode;
  readonly destination: number;
  readonly sources: readonly number[];
  readonly scalars: readonly number[];
}

interface Lowered {
  instructions: ValueInstruction[];
  /** The value of each result formula. */
  results: number[];
  scalars: Expression[];
}

/** What is to be lowered. */
interface Wanted {
  /** Names of the streams, which are the first values. */
  streams: readonly string[];
  /** Formulas whose values are wanted. */
  results: readonly Expression[];
  /** Sums that are wanted. */
  reductions: readonly Extract<Expression, { kind: "reduction" }>[];
  /** Formulas whose values streams hold already, by their keys: what an earlier stage wrote. */
  known: ReadonlyMap<string, string>;
}

/** A formula needs the value that a stream had before an earlier stage overwrote it. */
export class StreamOverwritten extends Error {
  constructor(readonly stream: string) {
    super(`"${stream}" has been overwritten by an earlier stage`);
  }
}

/**
 * Turns simplified formulas into instructions, equal subtrees once, scalars hoisted into slots, and common shapes fused.
 * @throws StreamOverwritten
 */
export function lowerExpressions({ streams, results, reductions, known }: Wanted): Lowered {
  const instructions: ValueInstruction[] = [];
  const scalars = new Map<string, Expression>();
  const values = new Map([...known].map(([key, stream]) => [key, streams.indexOf(stream)]));
  const overwritten = new Set(known.values());
  const uses = countUses([...results, ...reductions.map(({ of }) => of)], known);
  let next = streams.length;

  const slot = (node: Expression): number => {
    const key = keyOf(node);
    scalars.set(key, scalars.get(key) ?? node);
    return [...scalars.keys()].indexOf(key);
  };
  const emit = (opcode: Opcode, vectors: readonly Expression[], factors: readonly Expression[] = []): number => {
    const sources = vectors.map(lower);
    instructions.push({ opcode, destination: next, sources, scalars: factors.map(slot) });
    return next++;
  };
  /** The operands of `node` if it is this operation and nothing else needs its value. */
  const fusible = (node: Expression, operator: Operator): readonly Expression[] | undefined =>
    node.kind === "operation" && node.operator === operator && !isScalar(node) && !values.has(keyOf(node)) && uses.get(keyOf(node)) === 1
      ? node.operands
      : undefined;
  /** `node` as scalar * vector. */
  const asScaled = (node: Expression): { factor: Expression; vector: Expression; fused: boolean } => {
    const [factor, vector] = fusible(node, "mul") ?? [];
    return factor && vector && isScalar(factor) ? { factor, vector, fused: true } : { factor: one, vector: node, fused: false };
  };

  const lowerSum = (a: Expression, b: Expression): number => {
    if (isScalar(b)) {
      const [radicand] = fusible(a, "sqrt") ?? [];
      if (radicand) {
        const { factor, vector } = asScaled(radicand);
        return emit("scaledSqrtAdd", [vector], [factor, b]);
      }
      const { factor, vector } = asScaled(a);
      return emit("affine", [vector], [factor, b]);
    }
    const left = asScaled(a);
    const right = asScaled(b);
    for (const [first, second] of [
      [left, right],
      [right, left],
    ] as const) {
      const [squaredVector] = fusible(first.vector, "square") ?? [];
      if (squaredVector) return emit("squareScaleAdd", [squaredVector, second.vector], [first.factor, second.factor]);
    }
    return left.fused || right.fused ? emit("scaleAdd", [left.vector, right.vector], [left.factor, right.factor]) : emit("add", [a, b]);
  };

  const lowerOperation = (operator: Operator, operands: readonly Expression[]): number => {
    const [a, b] = operands as [Expression, Expression];
    switch (operator) {
      case "add":
        return lowerSum(a, b);
      case "mul":
        return isScalar(a) ? emit("scale", [b], [a]) : emit("mul", [a, b]);
      case "div": {
        if (isScalar(a)) return emit("scaledReciprocal", [b], [a]);
        const { factor, vector, fused } = asScaled(a);
        return fused ? emit("scaledDivide", [vector, b], [factor]) : emit("div", [a, b]);
      }
      case "max":
      case "min": {
        const [vector, other] = isScalar(a) ? [b, a] : [a, b];
        return isScalar(other) ? emit(`${operator}Scalar`, [vector], [other]) : emit(operator, [vector, other]);
      }
      case "greater":
        if (isScalar(b)) return emit("above", [a], [b]);
        return isScalar(a) ? emit("below", [b], [a]) : emit("greater", [a, b]);
      case "select":
      case "abs":
      case "sign":
      case "square":
      case "sqrt":
        return emit(operator, operands);
      default:
        throw new Error(`no vector instruction computes "${operator}"`);
    }
  };

  function lower(node: Expression): number {
    const key = keyOf(node);
    const known = values.get(key);
    if (known !== undefined) return known;
    let value: number;
    if (isScalar(node)) value = emit("fill", [], [node]);
    else if (node.kind === "stream") {
      if (overwritten.has(node.stream)) throw new StreamOverwritten(node.stream);
      value = streams.indexOf(node.stream);
      if (value < 0) throw new Error(`the chain has no stream "${node.stream}"; it has ${streams.join(", ")}`);
    } else if (node.kind === "operation") value = lowerOperation(node.operator, node.operands);
    else throw new Error(`cannot lower a ${node.kind}`);
    values.set(key, value);
    return value;
  }

  const resultValues = results.map(lower);
  reductions.forEach(({ reduce, of }, index) => {
    const sources = [lower(of)];
    instructions.push({ opcode: reduce, destination: index, sources, scalars: [] });
  });
  return { instructions, results: resultValues, scalars: [...scalars.values()] };
}

const one: Expression = { kind: "constant", value: 1 };

/** How many operations and results need each vector. */
function countUses(roots: readonly Expression[], known: ReadonlyMap<string, string>): Map<string, number> {
  const uses = new Map<string, number>();
  const visit = (node: Expression) => {
    if (isScalar(node)) return;
    const key = keyOf(node);
    const count = uses.get(key) ?? 0;
    uses.set(key, count + 1);
    if (count === 0 && node.kind === "operation" && !known.has(key)) node.operands.forEach(visit);
  };
  roots.forEach(visit);
  return uses;
}
