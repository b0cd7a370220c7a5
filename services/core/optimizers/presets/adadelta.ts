import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { coupledDecay } from "../transforms/coupledDecay.js";
import { scaleByAdadelta } from "../transforms/scaleByAdadelta.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";

export const adadelta = definePreset({
  name: "adadelta",
  description: "Adagrad with a decaying sum, in units of the parameters' own changes.",
  formula:
    "g = g + weight_decay theta; v = rho v + (1 - rho) g^2; u = sqrt(d + epsilon) / sqrt(v + epsilon) g; d = rho d + (1 - rho) u^2; theta = theta - learning_rate u",
  source:
    "Zeiler, 2012, ADADELTA: An Adaptive Learning Rate Method, arXiv:1212.5701; semantics of torch.optim.Adadelta. Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [use(coupledDecay), use(scaleByAdadelta), use(scaleByLearningRate)],
  defaults: { learning_rate: 0.3 },
});
