import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { addDecayedWeights } from "../transforms/addDecayedWeights.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";
import { scaleByNadam } from "../transforms/scaleByNadam.js";

export const nadamw = definePreset({
  name: "nadamw",
  description: "NAdam with decoupled weight decay.",
  formula: "as nadam, without weight_decay in g; theta = theta - learning_rate weight_decay theta",
  source:
    "Dozat, 2016, Incorporating Nesterov Momentum into Adam; Loshchilov and Hutter, 2019, arXiv:1711.05101; semantics of torch.optim.NAdam(decoupled_weight_decay=True). Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [use(scaleByNadam), use(addDecayedWeights, { after_update: false }), use(scaleByLearningRate)],
  defaults: { learning_rate: 5e-5 },
});
