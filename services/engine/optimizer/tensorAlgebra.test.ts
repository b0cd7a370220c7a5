import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { describe, expect, test } from "vitest";
import type { MatrixAlgebra } from "#core/optimizers/matrixAlgebra.js";
import { type Matrix, referenceAlgebra } from "#core/optimizers/referenceAlgebra.js";
import { tf } from "../tensorflow.js";
import { tensorAlgebra } from "./tensorAlgebra.js";

/** Numbers of both signs, exact in float32, without pattern. */
function given(rows: number, columns: number): Matrix {
  const values = Float64Array.from({ length: rows * columns }, (_, i) => Math.fround(3 * Math.sin((i + columns) ** 2)));
  return { rows, columns, values };
}

const toTensor = ({ rows, columns, values }: Matrix) => tf.tensor2d(Float32Array.from(values), [rows, columns]);

/** Operands by name, in whichever algebra. */
type Operands<M> = Record<"a" | "b" | "row" | "column" | "square" | "tall" | "singular" | "unit" | "keys", M>;
const operands: Operands<Matrix> = {
  a: given(4, 6),
  b: given(4, 6),
  row: given(1, 6),
  column: given(4, 1),
  square: given(5, 5),
  tall: given(6, 4),
  singular: { ...given(3, 3), values: Float64Array.of(1, 2, 0, 2, 4, 0, 0, 0, 0) },
  unit: { rows: 3, columns: 1, values: Float64Array.of(1, 0, 0) },
  keys: { rows: 1, columns: 6, values: Float64Array.of(2, -1, 5, 2, 0, 5) },
};
operands.b = referenceAlgebra.add(operands.b, referenceAlgebra.constant(3.5));

interface Case {
  name: string;
  compute<M>(algebra: MatrixAlgebra<M>, operands: Operands<M>): M;
}

const binary = (["add", "sub", "mul", "div", "max"] as const).flatMap((name): Case[] => [
  { name: `${name} of two matrices`, compute: (algebra, { a, b }) => algebra[name](a, b) },
  { name: `${name} of a matrix and a row`, compute: (algebra, { a, row }) => algebra[name](a, row) },
  { name: `${name} of a matrix and a column`, compute: (algebra, { a, column }) => algebra[name](a, column) },
  { name: `${name} of a column and a row`, compute: (algebra, { column, row }) => algebra[name](column, row) },
  { name: `${name} of a matrix and a number`, compute: (algebra, { a }) => algebra[name](a, algebra.constant(0.75)) },
]);
const gram = <M>(algebra: MatrixAlgebra<M>, x: M): M => algebra.matmul(x, algebra.transpose(x));

const cases: Case[] = [
  ...binary,
  { name: "constant", compute: (algebra) => algebra.constant(-2.5) },
  { name: "zeros", compute: (algebra) => algebra.zeros(2, 3) },
  { name: "sqrt", compute: (algebra, { b }) => algebra.sqrt(b) },
  { name: "transpose", compute: (algebra, { a }) => algebra.transpose(a) },
  { name: "matmul", compute: (algebra, { a, tall }) => algebra.matmul(a, tall) },
  { name: "sum of rows", compute: (algebra, { a }) => algebra.sum(a, "rows") },
  { name: "sum of columns", compute: (algebra, { a }) => algebra.sum(a, "columns") },
  { name: "sum of all", compute: (algebra, { a }) => algebra.sum(a, "all") },
  { name: "orthogonalize a square matrix", compute: (algebra, { square }) => algebra.orthogonalize(square) },
  { name: "orthogonalize a tall matrix", compute: (algebra, { tall }) => algebra.orthogonalize(tall) },
  { name: "orthogonalize zeros", compute: (algebra) => algebra.orthogonalize(algebra.zeros(3, 3)) },
  { name: "eigenvectors", compute: (algebra, { square }) => algebra.eigenvectors(gram(algebra, square)) },
  {
    name: "eigenvectors of a matrix of rank 1",
    compute: (algebra, { singular, unit }) => onFirst(algebra, algebra.eigenvectors(singular), unit),
  },
  {
    name: "order and permute columns, equal keys too",
    compute: (algebra, { a, keys }) => algebra.permute(a, algebra.order(keys), "columns"),
  },
  {
    name: "order and permute rows",
    compute: (algebra, { tall, keys }) => algebra.permute(tall, algebra.order(keys), "rows"),
  },
];

/** What does not depend on the arbitrary basis of the null space: the projection on the first vector. */
function onFirst<M>(algebra: MatrixAlgebra<M>, vectors: M, first: M): M {
  return gram(algebra, algebra.matmul(vectors, first));
}

describe("on tensors as in the reference", () => {
  test.each(cases)("$name", ({ compute }) => {
    const expected = compute(referenceAlgebra, operands);
    const tensorsBefore = tf.memory().numTensors;
    tf.tidy(() => {
      const tensors = Object.fromEntries(Object.entries(operands).map(([name, each]) => [name, toTensor(each)])) as Operands<Tensor>;
      const actual = compute(tensorAlgebra, tensors);
      expect(tensorAlgebra.shape(actual)).toEqual([expected.rows, expected.columns]);
      const scale = Math.max(...expected.values.map(Math.abs), 1e-3);
      actual.dataSync<"float32">().forEach((value, i) => {
        expect(Math.abs(value - (expected.values[i] ?? Number.NaN)), `element ${i}: ${value}`).toBeLessThanOrEqual(5e-6 * scale);
      });
    });
    expect(tf.memory().numTensors).toBe(tensorsBefore);
  });
});
