import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { addDecayedWeights } from "../transforms/addDecayedWeights.js";
import { plainAdam, scaleByAdam } from "../transforms/scaleByAdam.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";
import { lookahead } from "../wrappers/lookahead.js";

export const lookaheadAdamw = definePreset({
  name: "lookahead-adamw",
  description: "AdamW with slow weights that follow it every few steps and pull it back.",
  formula: "adamw; every lookahead_steps: slow = slow + lookahead_alpha (theta - slow), theta = slow",
  source:
    "Zhang et al., 2019, Lookahead Optimizer: k steps forward, 1 step back, arXiv:1907.08610. Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [use(scaleByAdam, plainAdam), use(addDecayedWeights, { after_update: false }), use(scaleByLearningRate), use(lookahead)],
  defaults: { learning_rate: 1e-4 },
});
