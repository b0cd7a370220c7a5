import { defineTransform } from "../defineTransform.js";
import { div, greater, max, mean, mul } from "../expression.js";

/**
 * Leaves out the coordinates in which the update and the gradient disagree, and scales the rest up for them. Liang et al., 2024,
 * arXiv:2411.16085, algorithm 1. It wants the gradient before decay, so it stands before any decoupled decay.
 */
export const cautious = defineTransform({
  name: "cautious",
  description: "Keeps only the coordinates whose update agrees in sign with the gradient.",
  hyperparameters: {},
  update({ update, gradient }) {
    const mask = greater(mul(update, gradient), 0);
    const share = mean(mask);
    return { update: mul(div(1, max(share, 1e-3)), mul(mask, update)), report: { fraction_kept: { value: share, over: "mean" } } };
  },
});
