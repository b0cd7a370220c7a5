import { expect, test } from "vitest";
import { use } from "../chain.js";
import { compileChain } from "../compileChain.js";
import { referenceOptimizer } from "../referenceExecutor.js";
import { centralizeGradient } from "./centralizeGradient.js";
import { scaleByLearningRate } from "./scaleByLearningRate.js";

/** What one step with learning rate 1 adds to zeros. */
function change(shape: number[], gradient: number[]): number[] {
  const values = new Float64Array(gradient.length);
  const scalars = { decayed: 1, size: gradient.length, layersAbove: 0, learningRateScale: 1 };
  const chain = compileChain([use(centralizeGradient), use(scaleByLearningRate)], { learning_rate: 1 });
  referenceOptimizer(chain, [{ name: "w", shape, values, scalars }]).update(
    { w: Float64Array.from(gradient) },
    { learningRate: 1, baseLearningRate: 1, step: 1, gradientScale: 1 },
  );
  return [...values];
}

test("takes the mean out of each row of a matrix", () => expect(change([2, 3], [1, 2, 6, -1, 0, 1])).toEqual([2, 1, -3, 1, 0, -1]));
test("takes the mean over all axes but the first", () => expect(change([1, 2, 2], [1, 2, 3, 6])).toEqual([2, 1, 0, -3]));
test("leaves vectors as they are", () => expect(change([3], [1, 2, 6])).toEqual([-1, -2, -6]));
