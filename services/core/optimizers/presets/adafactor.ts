import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { scaleByAdafactor } from "../transforms/scaleByAdafactor.js";

export const adafactor = definePreset({
  name: "adafactor",
  description: "Adam's scaling with almost no memory: of each matrix's mean squares it keeps those of rows and columns.",
  formula:
    "beta = 1 - t^decay_rate; R, C = means of g^2 + epsilon1 over each row and column, averaged with beta; u = g / sqrt(R C / mean(R)); u = u / max(1, RMS(u) / clip_threshold); " +
    "theta = theta - learning_rate (u + weight_decay theta); scale_parameter: learning_rate times max(epsilon2, RMS(theta))",
  source:
    "Shazeer and Stern, 2018, Adafactor: Adaptive Learning Rates with Sublinear Memory Cost, arXiv:1804.04235; semantics of transformers.Adafactor, without its relative steps and parameter scale. Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [use(scaleByAdafactor)],
  defaults: { learning_rate: 5e-5 },
});
