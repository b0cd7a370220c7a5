import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { logLoss, softmax } from "./logLoss.js";

const goldens = JSON.parse(readFileSync(new URL("../../../test/goldens/statistics/goldens.json", import.meta.url), "utf8")) as {
  log_loss: { labels: number[]; logits: number[][]; log_loss: number; probabilities: number[][] }[];
};
const logits = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 2, maxLength: 6 });

describe("logLoss and softmax", () => {
  it.each(goldens.log_loss)("agree with scipy for $labels.length examples", (golden) => {
    const predictions = golden.labels.map((label, index) => ({ label, logits: golden.logits[index] ?? [] }));
    expect(Math.abs(logLoss(predictions) / golden.log_loss - 1)).toBeLessThan(1e-10);
    for (const [index, expected] of golden.probabilities.entries())
      for (const [label, probability] of softmax(golden.logits[index] ?? []).entries())
        expect(probability).toBeCloseTo(expected[label] ?? -1, 12);
  });
});

describe("logLoss", () => {
  it("stays exact for certain models, where probabilities round to 0 or 1", () => {
    expect(logLoss([{ label: 0, logits: [1000, 0] }])).toBe(0);
    expect(logLoss([{ label: 1, logits: [1000, 0] }])).toBe(1000);
    // log(1 + exp(-40)), which 1 - probability has lost.
    expect(logLoss([{ label: 0, logits: [40, 0] }]) / 4.248354255291589e-18).toBeCloseTo(1, 12);
  });

  it("does not change when all logits move together", () => {
    fc.assert(
      fc.property(logits, fc.double({ min: -100, max: 100, noNaN: true }), (logits, shift) => {
        expect(logLoss([{ label: 1, logits: logits.map((logit) => logit + shift) }])).toBeCloseTo(logLoss([{ label: 1, logits }]), 10);
      }),
    );
  });

  it("is the logarithm of the true class's probability", () => {
    fc.assert(
      fc.property(logits, (logits) => {
        expect(Math.exp(-logLoss([{ label: 0, logits }]))).toBeCloseTo(softmax(logits)[0] ?? -1, 12);
        expect(softmax(logits).reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 12);
      }),
    );
  });

  it("is NaN for no example or a NaN logit", () => {
    expect(logLoss([])).toBeNaN();
    expect(logLoss([{ label: 0, logits: [0, Number.NaN] }])).toBeNaN();
    expect(logLoss([{ label: 0, logits: [Number.NaN, 0] }])).toBeNaN();
  });

  it("refuses a label that is no class", () => {
    expect(() => logLoss([{ label: 2, logits: [0, 1] }])).toThrow("label of example 0 is 2; allowed: a whole number from 0 to 1");
  });
});
