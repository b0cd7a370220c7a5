import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { addDecayedWeights } from "../transforms/addDecayedWeights.js";
import { scaleByAdamMini } from "../transforms/scaleByAdamMini.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";

export const adamMini = definePreset({
  name: "adam-mini",
  description: "AdamW with one second moment for each row of a matrix instead of each element: half its memory.",
  formula:
    "m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) mean(g^2) over each row of a matrix, over the whole of a vector; theta = theta - learning_rate (m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon) + weight_decay theta)",
  source:
    "Zhang et al., 2024, Adam-mini: Use Fewer Learning Rates To Gain More, arXiv:2406.16793; blocks by row, where the authors' code takes query and key matrices by head and biases by element. AdamW's defaults, as the authors advise.",
  chain: [use(scaleByAdamMini), use(addDecayedWeights, { after_update: false }), use(scaleByLearningRate)],
  defaults: { learning_rate: 5e-5 },
});
