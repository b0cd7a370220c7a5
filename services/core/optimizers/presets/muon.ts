import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { addDecayedWeights } from "../transforms/addDecayedWeights.js";
import { plainAdam, scaleByAdam } from "../transforms/scaleByAdam.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";
import { scaleByMuon } from "../transforms/scaleByMuon.js";
import { scaleByOtherLearningRate } from "../transforms/scaleByOtherLearningRate.js";

export const muon = definePreset({
  name: "muon",
  description: "Orthogonalised momentum for the matrices of the hidden layers, AdamW for all other parameters.",
  formula:
    "hidden matrices: m = momentum m + (1 - momentum) g; u = (1 - momentum) g + momentum m; X = u / |u|; ns_steps times: A = X X^T, X = 3.4445 X + (2.0315 A^2 - 4.775 A) X; " +
    "theta = theta - learning_rate (ratio X + weight_decay theta); all others: AdamW with other_learning_rate and other_epsilon",
  source:
    "Jordan et al., 2024, Muon: An optimizer for hidden layers in neural networks, https://kellerjordan.github.io/posts/muon/; semantics of torch.optim.Muon, float32 instead of bfloat16. " +
    "Defaults: updates as large as AdamW's, so that AdamW's learning rate and decay hold, of Liu et al., 2025, Muon is Scalable for LLM Training, arXiv:2502.16982; AdamW's of Devlin et al., 2019, arXiv:1810.04805.",
  chain: [use(scaleByMuon), use(addDecayedWeights, { after_update: false }), use(scaleByLearningRate)],
  others: [
    use(scaleByAdam, plainAdam, { epsilon: "other_epsilon" }),
    use(addDecayedWeights, { after_update: false }),
    use(scaleByOtherLearningRate),
    use(scaleByLearningRate),
  ],
  defaults: { learning_rate: 5e-5, adjust_learning_rate: "match_rms_adamw" },
  conflicts: ["LoRA's matrices are hidden matrices too: each is made orthogonal apart, although only their product has an effect."],
});
