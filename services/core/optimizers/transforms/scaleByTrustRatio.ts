import { defineTransform } from "../defineTransform.js";
import { decayed, div, greater, min, mul, norm, select } from "../expression.js";
import { decays, flag, nonNegative, number } from "../hyperparameter.js";

/**
 * LAMB's layer-wise adaptation: the update of a tensor gets the length of its parameter. You et al., 2020, arXiv:1904.00962, algorithm 2. The
 * ratio is 1 where either norm is 0 (LoRA's B starts at 0), and for parameters without weight decay, as in timm.
 */
export const scaleByTrustRatio = defineTransform({
  name: "scale_by_trust_ratio",
  description: "LAMB's trust ratio: each tensor's update is scaled to the norm of its parameter.",
  hyperparameters: {
    weight_decay: number(0.01, decays, "Where it is 0 nothing is adapted unless always_adapt.", "per step"),
    always_adapt: flag(false, "Adapt parameters without weight decay too."),
    max_trust_ratio: number(0, nonNegative, "The ratio is at most this; 0: as large as it comes."),
  },
  identity: ({ weight_decay, always_adapt }) => weight_decay === 0 && !always_adapt,
  update({ update, parameter, hyper: { always_adapt, max_trust_ratio } }) {
    const [length, updateLength] = [norm(parameter), norm(update)];
    const known = mul(greater(length, 0), greater(updateLength, 0));
    const ratio = select(known, div(length, updateLength), 1);
    const limited = max_trust_ratio > 0 ? min(ratio, max_trust_ratio) : ratio;
    const adapted = always_adapt ? limited : select(decayed, limited, 1);
    const reported = always_adapt ? limited : select(decayed, limited, Number.NaN);
    return {
      update: mul(adapted, update),
      report: { trust_ratio_min: { value: reported, over: "min" }, trust_ratio_max: { value: reported, over: "max" } },
    };
  },
});
