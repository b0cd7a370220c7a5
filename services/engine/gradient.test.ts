import { describe, expect, it } from "vitest";
import { addGradients, RowGradient, storedNumbers } from "./gradient.js";
import { denseGradient, expectClose, numbers, normal, paths } from "./layers/tapeOracle.js";
import { loadKernels } from "./kernels.js";
import { tf } from "./tensorflow.js";

it("has kernels to test", () => expect(loadKernels()).toEqual({ available: true }));

const dy = () =>
  tf.tensor2d([
    [1, 2],
    [10, 20],
    [100, 200],
    [1000, 2000],
  ]);

describe.each(paths)("a table's gradient, on the %s", (_path, on) => {
  it("has a row for each that was looked up, in order, with all that goes to it", () => {
    const gradient = on(() => RowGradient.of(dy(), Int32Array.of(4, 0, 4, 2), 6));
    expect([...gradient.places]).toEqual([0, 2, 4]);
    expect(gradient.rows.arraySync()).toEqual([
      [10, 20],
      [1000, 2000],
      [101, 202],
    ]);
    expect(on(() => gradient.dense()).arraySync()).toEqual([
      [10, 20],
      [0, 0],
      [1000, 2000],
      [0, 0],
      [101, 202],
      [0, 0],
    ]);
  });

  it("adds up with another, whole or by rows", () => {
    const rows = () => RowGradient.of(dy(), Int32Array.of(4, 0, 4, 2), 6);
    const others = () => RowGradient.of(normal([4, 2], 1), Int32Array.of(5, 5, 0, 1), 6);
    const expected = tf.add(rows().dense(), others().dense());
    const sums = on(() => [
      addGradients(rows(), others()),
      addGradients(rows(), others().dense()),
      addGradients(rows().dense(), others()),
      addGradients(rows().dense(), others().dense()),
    ]);
    for (const sum of sums) expectClose(denseGradient(sum), expected);
    expect([...(sums[0] as RowGradient).places]).toEqual([0, 1, 2, 4, 5]);
    expect(numbers(storedNumbers(sums[0] as RowGradient)).length).toBe(10);
  });

  it("leaves a whole one as it was for whoever shares its numbers, when it is added to it", () => {
    const whole = normal([6, 2], 1);
    const [shared, before] = [whole.clone(), numbers(whole)];
    const sum = on(() => addGradients(RowGradient.of(dy(), Int32Array.of(4, 0, 4, 2), 6), whole));
    expect(numbers(denseGradient(sum))).not.toEqual(before);
    expect(numbers(shared)).toEqual(before);
  });

  it("leaves nothing behind", () => {
    const before = tf.memory().numTensors;
    const [x, y] = [dy(), dy()];
    const sum = on(() => addGradients(RowGradient.of(x, Int32Array.of(1, 1, 1, 1), 3), RowGradient.of(y, Int32Array.of(0, 1, 2, 2), 3)));
    for (const each of [x, y, sum]) each.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
