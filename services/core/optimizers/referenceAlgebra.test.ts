import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Matrix, referenceAlgebra as algebra } from "./referenceAlgebra.js";

/** A matrix from its rows. */
function matrix(rows: readonly (readonly number[])[]): Matrix {
  return { rows: rows.length, columns: rows[0]?.length ?? 0, values: Float64Array.from(rows.flat()) };
}

/** Its rows. */
function rowsOf({ rows, columns, values }: Matrix): number[][] {
  return Array.from({ length: rows }, (_, row) => [...values.subarray(row * columns, (row + 1) * columns)]);
}

function identity(size: number): Matrix {
  return matrix(Array.from({ length: size }, (_, row) => Array.from({ length: size }, (__, column) => Number(row === column))));
}

function expectClose(actual: Matrix, expected: Matrix, digits = 10): void {
  expect([actual.rows, actual.columns]).toEqual([expected.rows, expected.columns]);
  expected.values.forEach((value, i) => expect(actual.values[i]).toBeCloseTo(value, digits));
}

const matrices = (rows: number, columns: number) =>
  fc
    .array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: rows * columns, maxLength: rows * columns })
    .map((values): Matrix => ({ rows, columns, values: Float64Array.from(values) }));
const a = matrix([
  [1, -2, 3],
  [4, 5, -6],
]);

describe("the reference algebra", () => {
  test("stretches axes of length 1", () => {
    expect(rowsOf(algebra.add(a, matrix([[10, 20, 30]])))).toEqual([
      [11, 18, 33],
      [14, 25, 24],
    ]);
    expect(rowsOf(algebra.mul(matrix([[2], [-1]]), matrix([[1, 3]])))).toEqual([
      [2, 6],
      [-1, -3],
    ]);
    expect(rowsOf(algebra.max(a, algebra.constant(0)))).toEqual([
      [1, 0, 3],
      [4, 5, 0],
    ]);
    expect(() => algebra.add(a, matrix([[1, 2]]))).toThrow("axes of length 3 and 2 do not go together");
  });
  test("multiplies and transposes", () => {
    expect(rowsOf(algebra.matmul(a, algebra.transpose(a)))).toEqual([
      [14, -24],
      [-24, 77],
    ]);
    expect(() => algebra.matmul(a, a)).toThrow("cannot multiply [2, 3] by [2, 3]");
  });
  test("sums rows, columns and all", () => {
    expect(rowsOf(algebra.sum(a, "rows"))).toEqual([[5, 3, -3]]);
    expect(rowsOf(algebra.sum(a, "columns"))).toEqual([[2], [3]]);
    expect(rowsOf(algebra.sum(a, "all"))).toEqual([[5]]);
  });
  test("orders by descending value, the first of equals first, and permutes either axis", () => {
    const order = algebra.order(matrix([[1, 3, 3]]));
    expect(rowsOf(order)).toEqual([[1, 2, 0]]);
    expect(rowsOf(algebra.permute(a, order, "columns"))).toEqual([
      [-2, 3, 1],
      [5, -6, 4],
    ]);
    expect(rowsOf(algebra.permute(a, algebra.order(matrix([[1, 2]])), "rows"))).toEqual([
      [4, 5, -6],
      [1, -2, 3],
    ]);
  });
});

describe("orthogonalize", () => {
  const product = (x: Matrix, y: Matrix) => algebra.matmul(algebra.transpose(x), y);

  test("gives the Q that has a positive diagonal in R", () =>
    expectClose(
      algebra.orthogonalize(
        matrix([
          [3, 1],
          [4, 2],
        ]),
      ),
      matrix([
        [0.6, -0.8],
        [0.8, 0.6],
      ]),
    ));
  test.each([
    ["square", 4, 4],
    ["tall", 5, 3],
  ])("gives orthonormal columns that make R triangular: %s", (_, rows, columns) =>
    fc.assert(
      fc.property(matrices(rows, columns), (given) => {
        const q = algebra.orthogonalize(given);
        expectClose(product(q, q), identity(columns));
        rowsOf(product(q, given)).forEach((row, i) => {
          for (const below of row.slice(0, i)) expect(below).toBeCloseTo(0, 10);
          expect(row[i]).toBeGreaterThan(-1e-10);
        });
        expectClose(algebra.matmul(q, product(q, given)), given);
      }),
    ),
  );
  test("gives orthonormal columns where the rank is not full", () => {
    expectClose(algebra.orthogonalize(algebra.zeros(3, 3)), identity(3));
    const q = algebra.orthogonalize(
      matrix([
        [1, 2, 0],
        [1, 2, 0],
        [1, 2, 0],
      ]),
    );
    expectClose(product(q, q), identity(3));
  });
});

describe("eigenvectors", () => {
  const diagonalised = (symmetric: Matrix) => {
    const vectors = algebra.eigenvectors(symmetric);
    return { vectors, diagonal: algebra.matmul(algebra.matmul(algebra.transpose(vectors), symmetric), vectors) };
  };

  test("come by descending eigenvalue, with the signs that the algebra promises", () =>
    expectClose(
      algebra.eigenvectors(
        matrix([
          [2, -1],
          [-1, 2],
        ]),
      ),
      matrix([
        [Math.SQRT1_2, Math.SQRT1_2],
        [-Math.SQRT1_2, Math.SQRT1_2],
      ]),
    ));
  test("are orthonormal and make the matrix diagonal", () =>
    fc.assert(
      fc.property(matrices(4, 4), (given) => {
        const symmetric = algebra.matmul(given, algebra.transpose(given));
        const { vectors, diagonal } = diagonalised(symmetric);
        expectClose(algebra.matmul(algebra.transpose(vectors), vectors), identity(4));
        const values = rowsOf(diagonal).map((row, i) => row[i] ?? Number.NaN);
        expectClose(algebra.sub(diagonal, algebra.mul(identity(4), matrix([values]))), algebra.zeros(4, 4), 9);
        values.forEach((value, i) => expect(value).toBeGreaterThan((values[i + 1] ?? value) - 1e-9));
      }),
    ));
  test.each([0, 1e-40, 1e40])("are orthonormal for a matrix of rank 1 and size %s", (size) => {
    const { vectors, diagonal } = diagonalised(
      matrix([
        [size, 2 * size],
        [2 * size, 4 * size],
      ]),
    );
    expectClose(algebra.matmul(algebra.transpose(vectors), vectors), identity(2));
    expect((diagonal.values[0] ?? Number.NaN) / (size || 1)).toBeCloseTo(size ? 5 : 0, 10);
  });
});
