import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { addDecayedWeights } from "../transforms/addDecayedWeights.js";
import { marsCorrection } from "../transforms/marsCorrection.js";
import { plainAdam, scaleByAdam } from "../transforms/scaleByAdam.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";

export const marsAdamw = definePreset({
  name: "mars-adamw",
  description: "AdamW over gradients with a correction that lowers their variance.",
  formula: "c = g + gamma beta1 / (1 - beta1) (g - g_previous), each tensor clipped to norm 1; adamw on c",
  source:
    "Yuan et al., 2024, MARS: Unleashing the Power of Variance Reduction for Training Large Models, arXiv:2411.10438, approximate form, for vectors too. Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [use(marsCorrection), use(scaleByAdam, plainAdam), use(addDecayedWeights, { after_update: false }), use(scaleByLearningRate)],
  defaults: { learning_rate: 5e-5, beta1: 0.95, beta2: 0.99 },
});
