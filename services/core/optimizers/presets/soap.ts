import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";
import { scaleBySoap } from "../transforms/scaleBySoap.js";

export const soap = definePreset({
  name: "soap",
  description: "Adam in the slowly turning eigenbasis of Shampoo's preconditioner; its first step only looks at the gradient.",
  formula:
    "L, R = means of g g^T and g^T g with shampoo_beta; Q_L, Q_R their eigenvectors, refreshed every precondition_frequency steps; m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) (Q_L^T g Q_R)^2; " +
    "theta = theta - learning_rate c Q_L (Q_L^T m Q_R / (sqrt(v) + epsilon)) Q_R^T, c = sqrt(1 - beta2^(t - 1)) / (1 - beta1^(t - 1)), then theta = theta - learning_rate weight_decay theta; " +
    "the first step makes L, R and Q only",
  source:
    "Vyas et al., 2024, SOAP: Improving and Stabilizing Shampoo using Adam, arXiv:2409.11321; semantics of the authors' code. " +
    "Default max_precondition_size: 2,048, not the authors' 10,000, for a side of 3,072 takes 75 MB and each refreshment seconds. Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [use(scaleBySoap), use(scaleByLearningRate)],
  defaults: { learning_rate: 5e-5, max_precondition_size: 2048 },
});
