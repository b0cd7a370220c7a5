import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { addDecayedWeights } from "../transforms/addDecayedWeights.js";
import { grokfast } from "../transforms/grokfast.js";
import { plainAdam, scaleByAdam } from "../transforms/scaleByAdam.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";

export const grokfastAdamw = definePreset({
  name: "grokfast-adamw",
  description: "AdamW over gradients whose slow part is amplified.",
  formula: "s = grokfast_alpha s + (1 - grokfast_alpha) g, the first s = g; adamw on g + grokfast_lambda s",
  source:
    "Lee et al., 2024, Grokfast: Accelerated Grokking by Amplifying Slow Gradients, arXiv:2405.20233. Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [use(grokfast), use(scaleByAdam, plainAdam), use(addDecayedWeights, { after_update: false }), use(scaleByLearningRate)],
  defaults: { learning_rate: 5e-5 },
});
