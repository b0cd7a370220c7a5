import type { MatrixAlgebra } from "./matrixAlgebra.js";

/** A matrix of a recorded computation: which one it is, those that were given first, and its shape. */
export interface RecordedMatrix {
  readonly place: number;
  readonly rows: number;
  readonly columns: number;
}

/** One operation, of an algebra that is not known yet. */
export interface RecordedOperation {
  readonly name: Exclude<keyof MatrixAlgebra<unknown>, "shape">;
  readonly operands: readonly RecordedMatrix[];
  readonly result: RecordedMatrix;
  run<M>(algebra: MatrixAlgebra<M>, matrixAt: (matrix: RecordedMatrix) => M): M;
  /** Matrices, operands and perhaps the result, that nothing needs after it: neither a later operation nor who asked. */
  readonly lastUses: readonly RecordedMatrix[];
}

/** What a formula in an algebra computes, operation by operation; only those that its results need. */
export interface MatrixComputation {
  readonly operations: readonly RecordedOperation[];
  readonly results: readonly RecordedMatrix[];
}

/**
 * Writes down what a formula computes, so that an executor can free each matrix after its last use, and a plan can say what that takes.
 * @param given shapes of what the formula starts from
 */
export function recordMatrices(
  given: readonly { rows: number; columns: number }[],
  formula: (algebra: MatrixAlgebra<RecordedMatrix>, given: readonly RecordedMatrix[]) => readonly RecordedMatrix[],
): MatrixComputation {
  const recorded: Omit<RecordedOperation, "lastUses">[] = [];
  const inputs = given.map(({ rows, columns }, place) => ({ rows, columns, place }));
  const results = formula(recorder(inputs.length, recorded), inputs);
  const needed = new Set(results.map(({ place }) => place));
  const operations: RecordedOperation[] = [];
  for (const operation of recorded.toReversed()) {
    if (!needed.has(operation.result.place)) continue;
    const lastUses = operation.operands.filter(
      ({ place }, at, all) => !needed.has(place) && all.findIndex((each) => each.place === place) === at,
    );
    for (const { place } of operation.operands) needed.add(place);
    operations.unshift({ ...operation, lastUses });
  }
  return { operations, results };
}

/**
 * The most numbers that a computation keeps at a time beyond those that were given to it, where each matrix is freed after its last use.
 * @param lent places of what it was given and may not free
 */
export function mostNumbers({ operations }: MatrixComputation, lent: ReadonlySet<number>): number {
  const size = ({ rows, columns }: RecordedMatrix) => rows * columns;
  let [now, most] = [0, 0];
  for (const { name, result, lastUses } of operations) {
    now += size(result);
    most = Math.max(most, now + (scratch[name] ?? 0) * size(result));
    for (const last of lastUses) if (!lent.has(last.place)) now -= size(last);
  }
  return most;
}

/** Matrices as large as its result that an operation takes for itself: both factors, what they are computed in, the columns before their signs. */
const scratch: Partial<Record<RecordedOperation["name"], number>> = { orthogonalize: 4, eigenvectors: 4 };

function recorder(given: number, recorded: Omit<RecordedOperation, "lastUses">[]): MatrixAlgebra<RecordedMatrix> {
  const record = (
    name: RecordedOperation["name"],
    operands: readonly RecordedMatrix[],
    [rows, columns]: readonly [number, number],
    run: RecordedOperation["run"],
  ): RecordedMatrix => {
    const result = { place: given + recorded.length, rows, columns };
    recorded.push({ name, operands, result, run });
    return result;
  };
  const shape = ({ rows, columns }: RecordedMatrix) => [rows, columns] as const;
  const elementwise = (name: "add" | "sub" | "mul" | "div" | "max") => (a: RecordedMatrix, b: RecordedMatrix) =>
    record(name, [a, b], [Math.max(a.rows, b.rows), Math.max(a.columns, b.columns)], (algebra, at) => algebra[name](at(a), at(b)));
  const alike = (name: "sqrt" | "orthogonalize" | "eigenvectors" | "order") => (a: RecordedMatrix) =>
    record(name, [a], shape(a), (algebra, at) => algebra[name](at(a)));
  return {
    shape,
    constant: (value) => record("constant", [], [1, 1], (algebra) => algebra.constant(value)),
    zeros: (rows, columns) => record("zeros", [], [rows, columns], (algebra) => algebra.zeros(rows, columns)),
    add: elementwise("add"),
    sub: elementwise("sub"),
    mul: elementwise("mul"),
    div: elementwise("div"),
    max: elementwise("max"),
    sqrt: alike("sqrt"),
    transpose: (a) => record("transpose", [a], [a.columns, a.rows], (algebra, at) => algebra.transpose(at(a))),
    matmul: (a, b, transposeA = false, transposeB = false) =>
      record("matmul", [a, b], [transposeA ? a.columns : a.rows, transposeB ? b.rows : b.columns], (algebra, at) =>
        algebra.matmul(at(a), at(b), transposeA, transposeB),
      ),
    sum: (a, over) =>
      record("sum", [a], [over === "columns" ? a.rows : 1, over === "rows" ? a.columns : 1], (algebra, at) => algebra.sum(at(a), over)),
    orthogonalize: alike("orthogonalize"),
    eigenvectors: alike("eigenvectors"),
    order: alike("order"),
    permute: (a, order, axis) => record("permute", [a, order], shape(a), (algebra, at) => algebra.permute(at(a), at(order), axis)),
  };
}
