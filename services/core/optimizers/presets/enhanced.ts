import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { choice } from "../hyperparameter.js";
import { addDecayedWeights } from "../transforms/addDecayedWeights.js";
import { scaleByAdam } from "../transforms/scaleByAdam.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";
import { scaleByRectification } from "../transforms/scaleByRectification.js";
import { scaleByTrustRatio } from "../transforms/scaleByTrustRatio.js";

export const enhanced = definePreset({
  name: "enhanced",
  description: "The second of the three methods that Stepwire compares: AdamW with one adaptive idea, chosen by `idea`.",
  formula:
    "adamw, with idea rectify: RAdam's direction and factor; bounds: AdaBound's bounds on each coordinate's rate; " +
    "trust: LAMB's trust ratio",
  source:
    "Liu et al., 2020, arXiv:1908.03265 (rectify); Luo et al., 2019, arXiv:1902.09843 (bounds); You et al., 2020, arXiv:1904.00962 (trust). " +
    "Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [
    use(scaleByAdam, ({ idea }) => ({
      amsgrad: false,
      rectify: idea === "rectify",
      bounds: idea === "bounds",
      uncorrected_epsilon: idea !== "trust",
    })),
    use(scaleByRectification, ({ idea }) => ({ rectify: idea === "rectify" })),
    use(addDecayedWeights, { after_update: false }),
    use(scaleByTrustRatio, ({ idea, weight_decay = 0 }) => ({
      weight_decay: idea === "trust" ? weight_decay : 0,
      always_adapt: false,
      max_trust_ratio: 0,
    })),
    use(scaleByLearningRate),
  ],
  hyperparameters: { idea: choice(["rectify", "bounds", "trust"], "The idea that is added to the baseline.") },
  defaults: { learning_rate: 3e-4 },
  conflicts: [
    "Rectification is itself a warm-up: with a schedule's warm-up the rate is warmed up twice.",
    "With weight_decay 0 no parameter has a trust ratio: with idea trust it is AdamW then.",
  ],
});
