import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { scaleByDadaptAdam } from "../transforms/scaleByDadaptAdam.js";

export const dadaptAdam = definePreset({
  name: "dadapt-adam",
  description: "Adam with a learning rate that it estimates itself from a lower bound of the distance to the solution.",
  formula:
    "m = beta1 m + (1 - beta1) d learning_rate g; v = beta2 v + (1 - beta2) g^2; d grows to a lower bound of the distance from the sums of d learning_rate g; theta = theta - m / (sqrt(v) + epsilon) - learning_rate d weight_decay theta",
  source:
    "Defazio and Mishchenko, 2023, Learning-Rate-Free Learning by D-Adaptation, arXiv:2301.07733; semantics of the authors' code, which also says to leave the learning rate at 1.",
  chain: [use(scaleByDadaptAdam)],
  defaults: { learning_rate: 1 },
  conflicts: [
    "The learning rate is inside the mean of gradients: parameter groups with other learning rates have no effect, but that 0 freezes them.",
  ],
});
