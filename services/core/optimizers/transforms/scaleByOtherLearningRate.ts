import { defineTransform } from "../defineTransform.js";
import { baseLearningRate, div, mul } from "../expression.js";
import { learningRates, number } from "../hyperparameter.js";

/**
 * Before `scale_by_learning_rate`: puts another peak learning rate in the place of the optimizer's own, for the parameters that a split
 * optimizer gives to another chain. The schedule holds for both.
 */
export const scaleByOtherLearningRate = defineTransform({
  name: "scale_by_other_learning_rate",
  description: "Another peak learning rate, with the same schedule, for what is not a hidden matrix.",
  hyperparameters: {
    other_learning_rate: number(
      5e-5,
      learningRates,
      "Peak learning rate of all that is not a hidden matrix; the same schedule multiplies it.",
      "per step",
    ),
  },
  update: ({ update, hyper: { other_learning_rate } }) => ({ update: mul(div(other_learning_rate, baseLearningRate), update) }),
});
