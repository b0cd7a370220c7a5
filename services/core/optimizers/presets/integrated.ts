import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { flag } from "../hyperparameter.js";
import { addDecayedWeights } from "../transforms/addDecayedWeights.js";
import { scaleByAdam } from "../transforms/scaleByAdam.js";
import { scaleByLayerDecay } from "../transforms/scaleByLayerDecay.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";
import { scaleByRectification } from "../transforms/scaleByRectification.js";
import { scaleByTrustRatio } from "../transforms/scaleByTrustRatio.js";
import { exponentialMovingAverage } from "../wrappers/exponentialMovingAverage.js";

export const integrated = definePreset({
  name: "integrated",
  description:
    "The third of the three methods that Stepwire compares: rectification, bounds, trust ratio, layer-wise decay and an average in one chain.",
  formula:
    "RAdam's direction with AdaBound's bounds; + weight_decay theta; times min(LAMB's trust ratio, 1); times RAdam's factor; " +
    "times layer_decay^(layers above); theta = theta - learning_rate times that; evaluated at the debiased moving average of theta",
  source:
    "Liu et al., 2020, arXiv:1908.03265; Luo et al., 2019, arXiv:1902.09843; You et al., 2020, arXiv:1904.00962; Howard and Ruder, 2018, " +
    "arXiv:1801.06146; Polyak and Juditsky, 1992. Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [
    use(scaleByAdam, ({ rectify = true, bounds = true }) => ({ amsgrad: false, uncorrected_epsilon: rectify || bounds })),
    use(addDecayedWeights, { after_update: false }),
    use(scaleByTrustRatio, ({ trust, weight_decay = 0 }) => ({
      weight_decay: trust ? weight_decay : 0,
      always_adapt: false,
      max_trust_ratio: 1,
    })),
    use(scaleByRectification),
    use(scaleByLayerDecay),
    use(scaleByLearningRate),
    use(exponentialMovingAverage),
  ],
  hyperparameters: { trust: flag(true, "Scale each tensor's update to the norm of its parameter, at most by 1.") },
  defaults: { learning_rate: 3.6e-3, rectify: true, bounds: true },
  ablations: {
    rectify: { rectify: false },
    bounds: { bounds: false },
    trust: { trust: false },
    "layer-decay": { layer_decay: 1 },
    ema: { ema_decay: 0 },
  },
  conflicts: [
    "Rectification is itself a warm-up: with a schedule's warm-up the rate is warmed up twice.",
    "With weight_decay 0 no parameter has a trust ratio.",
    "A trust ratio of a parameter that starts at 0, as LoRA's B does, is taken as 1.",
  ],
});
