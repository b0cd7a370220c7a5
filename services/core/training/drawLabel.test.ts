import { expect, test } from "vitest";
import { drawLabel } from "./drawLabel.js";

const draws = (logits: number[], count: number) =>
  Array.from({ length: count }, (_, example) => drawLabel(logits, { seed: 3, step: 7, example }));

test("draws classes as often as the softmax of the logits says", () => {
  const logits = [0, 1, -1];
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
  const drawn = draws(logits, 20_000);
  logits.forEach((logit, label) => {
    const share = drawn.filter((each) => each === label).length / drawn.length;
    const expected = Math.exp(logit) / total;
    // Five standard errors.
    expect(Math.abs(share - expected)).toBeLessThan(5 * Math.sqrt((expected * (1 - expected)) / drawn.length));
  });
});

test("draws the same again, and something else at another step", () => {
  expect(draws([0, 0], 50)).toEqual(draws([0, 0], 50));
  const other = Array.from({ length: 50 }, (_, example) => drawLabel([0, 0], { seed: 3, step: 8, example }));
  expect(other).not.toEqual(draws([0, 0], 50));
});

test("takes logits of any size", () => expect(draws([1e4, -1e4], 5)).toEqual([0, 0, 0, 0, 0]));
