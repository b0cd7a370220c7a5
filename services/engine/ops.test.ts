import { describe, expect, it } from "vitest";
import { loadKernels } from "./kernels.js";
import { both, expectClose, normal, numbers, paths } from "./layers/tapeOracle.js";
import { sliceVector, sumIntoRows } from "./ops.js";
import { runOp, tf } from "./tensorflow.js";

const places = (k: number, size: number) =>
  tf.tensor1d(
    Array.from({ length: k }, (_, i) => (i * i * 7 + 3 * i) % size),
    "int32",
  );

it("has kernels to test", () => expect(loadKernels()).toEqual({ available: true }));

describe("rows summed into a table", () => {
  // From 64 rows on the table is shared out by rows, before by columns.
  it.each([
    [1, 1, 1],
    [300, 130, 2],
    [40, 7, 63],
    [40, 7, 64],
    [1000, 48, 5000],
    [0, 5, 3],
    [0, 5, 100],
    [3, 0, 100],
  ])("%d of %d into %d are their twin's", (k, n, size) => {
    const [rows, indices] = [normal([k, n], 1), places(k, size)];
    const [kernel, twin] = both(() => sumIntoRows(rows, indices, size));
    expectClose(kernel, twin, 1e-4);
    // Rows that no index names are 0 and not merely small.
    expect(numbers(kernel).map((value) => value === 0)).toEqual(numbers(twin).map((value) => value === 0));
  });

  it("are the same bits again", () => {
    const [rows, indices] = [normal([500, 70], 1), places(500, 90)];
    const run = () => numbers(sumIntoRows(rows, indices, 90));
    expect(run()).toEqual(run());
  });

  it.each(paths)("are refused beyond the table by the %s", (_path, on) => {
    expect(() => on(() => sumIntoRows(normal([2, 3], 1), tf.tensor1d([1, 5], "int32"), 5))).toThrow("5");
  });

  it.each([
    ["rows has shape [6]; it must be [any, any]", [6], [0], 5],
    ["indices has shape [3]; it must be [2]", [2, 3], [0, 0, 0], 5],
    ["a table cannot have -1 rows", [0, 3], [], -1],
    ["index 1 is -2; the table has 5 rows", [2, 3], [0, -2], 5],
    ["index 0 is 0; the table has 0 rows", [2, 3], [0, 0], 0],
  ])("are refused: %s", (message, shape, indices, size) => {
    const inputs = [tf.zeros(shape), tf.tensor1d(indices, "int32"), tf.scalar(size, "int32")];
    expect(() => runOp("StepwireSumIntoRows", inputs)).toThrow(message);
  });
});

it("a part of a vector is its numbers from there on", () => {
  const x = tf.tensor1d([1, 2, 3, 4], "int32");
  expect(Array.from(sliceVector(x, 1, 2).dataSync())).toEqual([2, 3]);
  expect(() => sliceVector(x, 3, 2)).toThrow("size[0]");
});
