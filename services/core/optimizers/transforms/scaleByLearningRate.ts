import { defineTransform } from "../defineTransform.js";
import { learningRate, mul, neg } from "../expression.js";
import { learningRates, number } from "../hyperparameter.js";

/** The end of every chain: minus the learning rate of this step, which the schedule has already multiplied. */
export const scaleByLearningRate = defineTransform({
  name: "scale_by_learning_rate",
  description: "Minus the learning rate of the step: the end of every chain.",
  appliesLearningRate: true,
  hyperparameters: {
    learning_rate: number(5e-5, learningRates, "Peak learning rate; the schedule multiplies it.", "per step"),
  },
  update: ({ update }) => ({ update: mul(neg(learningRate), update) }),
});
