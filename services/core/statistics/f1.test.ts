import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { correctCount } from "./accuracy.js";
import { confusionMatrix } from "./confusionMatrix.js";
import { classMetrics, macroF1 } from "./f1.js";

const goldens = JSON.parse(readFileSync(new URL("../../../test/goldens/statistics/goldens.json", import.meta.url), "utf8")) as {
  classification: {
    classes: number;
    labels: number[];
    predictions: number[];
    matrix: number[][];
    accuracy: number;
    macro_f1: number;
    precision: number[];
    recall: number[];
    f1: number[];
    support: number[];
  }[];
};

describe("confusionMatrix, classMetrics, macroF1 and accuracy", () => {
  it.each(goldens.classification)("agree with scikit-learn for $classes classes, $labels.length examples", (golden) => {
    const matrix = confusionMatrix(golden.labels, golden.predictions, golden.classes);
    expect(matrix).toEqual(golden.matrix);
    expect(Math.abs(macroF1(matrix) - golden.macro_f1)).toBeLessThan(1e-10);
    expect(Math.abs(correctCount(matrix) / golden.labels.length - golden.accuracy)).toBeLessThan(1e-10);
    for (const [index, scores] of classMetrics(matrix).entries()) {
      expect(scores.support).toBe(golden.support[index]);
      for (const name of ["precision", "recall", "f1"] as const) expect(scores[name]).toBeCloseTo(golden[name][index] ?? Number.NaN, 10);
    }
  });
});

describe("classMetrics", () => {
  it("gives 0 for a class that is never predicted and has no example", () => {
    expect(
      classMetrics([
        [3, 0],
        [0, 0],
      ])[1],
    ).toEqual({ precision: 0, recall: 0, f1: 0, support: 0 });
  });

  it("stays within 0 and 1, whatever the counts", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(1000), { minLength: 3, maxLength: 3 }), { minLength: 3, maxLength: 3 }), (matrix) => {
        for (const { precision, recall, f1 } of classMetrics(matrix)) {
          expect(f1).toBeGreaterThanOrEqual(Math.min(precision, recall) - 1e-12);
          expect(f1).toBeLessThanOrEqual(Math.max(precision, recall) + 1e-12);
          expect(Math.max(precision, recall)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

describe("macroF1", () => {
  it("leaves out a class that is neither true nor predicted anywhere", () => {
    expect(
      macroF1([
        [3, 0],
        [0, 0],
      ]),
    ).toBe(1);
  });

  it("is NaN for no example", () => {
    expect(
      macroF1([
        [0, 0],
        [0, 0],
      ]),
    ).toBeNaN();
  });
});

describe("confusionMatrix", () => {
  it("refuses an id that is no class, and lengths that differ", () => {
    expect(() => confusionMatrix([0, 2], [0, 0], 2)).toThrow("labels[1] is 2; allowed: a whole number from 0 to 1");
    expect(() => confusionMatrix([0, 1], [0, -1], 2)).toThrow("predictions[1] is -1");
    expect(() => confusionMatrix([0], [0, 1], 2)).toThrow("there are 1 labels and 2 predictions");
    expect(() => confusionMatrix([], [], 0)).toThrow("classes is 0");
  });
});
