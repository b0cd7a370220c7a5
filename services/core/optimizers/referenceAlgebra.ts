import { orthogonalFactor, symmetricEigen } from "./decompositions.js";
import { type MatrixAlgebra, signWeight } from "./matrixAlgebra.js";

/** A matrix in float64, row by row. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

/** Whole-tensor operations in float64 with plain loops: the oracle of TensorFlow's. */
export const referenceAlgebra: MatrixAlgebra<Matrix> = {
  shape: ({ rows, columns }) => [rows, columns],
  constant: (value) => ({ rows: 1, columns: 1, values: Float64Array.of(value) }),
  zeros: (rows, columns) => ({ rows, columns, values: new Float64Array(rows * columns) }),
  add: elementwise((a, b) => a + b),
  sub: elementwise((a, b) => a - b),
  mul: elementwise((a, b) => a * b),
  div: elementwise((a, b) => a / b),
  max: elementwise(Math.max),
  sqrt: (a) => ({ ...a, values: a.values.map(Math.sqrt) }),
  transpose,
  matmul(first, second, transposeFirst = false, transposeSecond = false) {
    const a = transposeFirst ? transpose(first) : first;
    const b = transposeSecond ? transpose(second) : second;
    if (a.columns !== b.rows) throw new RangeError(`cannot multiply [${a.rows}, ${a.columns}] by [${b.rows}, ${b.columns}]`);
    return make(a.rows, b.columns, (row, column) => {
      let sum = 0;
      for (let k = 0; k < a.columns; k++) sum += at(a, row, k) * at(b, k, column);
      return sum;
    });
  },
  sum(a, over) {
    const result = { rows: over === "columns" ? a.rows : 1, columns: over === "rows" ? a.columns : 1 };
    const values = new Float64Array(result.rows * result.columns);
    a.values.forEach((value, index) => {
      const target = over === "all" ? 0 : over === "rows" ? index % a.columns : Math.floor(index / a.columns);
      values[target] = (values[target] ?? 0) + value;
    });
    return { ...result, values };
  },
  orthogonalize,
  eigenvectors,
  order: ({ values }) => {
    const order = Float64Array.from(values.keys()).toSorted((i, j) => (values[j] ?? 0) - (values[i] ?? 0) || i - j);
    return { rows: 1, columns: order.length, values: order };
  },
  permute: (a, { values: order }, axis) =>
    make(a.rows, a.columns, (row, column) =>
      axis === "rows" ? at(a, order[row] ?? Number.NaN, column) : at(a, row, order[column] ?? Number.NaN),
    ),
};

function transpose(a: Matrix): Matrix {
  return make(a.columns, a.rows, (row, column) => at(a, column, row));
}

function at(a: Matrix, row: number, column: number): number {
  return a.values[row * a.columns + column] ?? Number.NaN;
}

function make(rows: number, columns: number, value: (row: number, column: number) => number): Matrix {
  const values = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) for (let column = 0; column < columns; column++) values[row * columns + column] = value(row, column);
  return { rows, columns, values };
}

function elementwise(compute: (a: number, b: number) => number): (a: Matrix, b: Matrix) => Matrix {
  return (a, b) => {
    const [rows, columns] = [stretched(a.rows, b.rows), stretched(a.columns, b.columns)];
    const element = (m: Matrix, row: number, column: number) => at(m, m.rows === 1 ? 0 : row, m.columns === 1 ? 0 : column);
    return make(rows, columns, (row, column) => compute(element(a, row, column), element(b, row, column)));
  };
}

function stretched(a: number, b: number): number {
  if (a !== b && a !== 1 && b !== 1) throw new RangeError(`axes of length ${a} and ${b} do not go together`);
  return a === 1 ? b : a;
}

function orthogonalize({ rows, columns, values }: Matrix): Matrix {
  return { rows, columns, values: orthogonalFactor(values, rows, columns) };
}

function eigenvectors(a: Matrix): Matrix {
  const { vectors, values } = symmetricEigen(a.values, a.rows);
  const order = Array.from(values.keys()).toSorted((i, j) => (values[j] ?? 0) - (values[i] ?? 0) || i - j);
  const sorted = make(a.rows, a.rows, (row, column) => vectors[row * a.rows + (order[column] ?? 0)] ?? Number.NaN);
  const sides = order.map((_, column) => {
    let side = 0;
    for (let row = 0; row < a.rows; row++) side += signWeight(row) * at(sorted, row, column);
    return side < 0 ? -1 : 1;
  });
  return make(a.rows, a.rows, (row, column) => (sides[column] ?? 1) * at(sorted, row, column));
}
