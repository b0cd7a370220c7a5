import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { coupledDecay } from "../transforms/coupledDecay.js";
import { scaleByAsgd } from "../transforms/scaleByAsgd.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";
import { averagedIterate } from "../wrappers/averagedIterate.js";

export const asgd = definePreset({
  name: "asgd",
  description: "SGD whose rate falls with the step, evaluated at the average of its iterates from step t0 on.",
  formula:
    "g = g + weight_decay theta; eta = learning_rate / (1 + lambd learning_rate (t - 1))^alpha; theta = theta - eta (g + lambd theta); evaluated at the mean of theta since step t0",
  source:
    "Polyak and Juditsky, 1992, Acceleration of Stochastic Approximation by Averaging; semantics of torch.optim.ASGD, but that eta has this step's learning rate, there the one before. Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [use(coupledDecay), use(scaleByAsgd), use(scaleByLearningRate), use(averagedIterate)],
  defaults: { learning_rate: 0.3 },
});
