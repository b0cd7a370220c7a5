import { defineTransform } from "../defineTransform.js";
import { sign } from "../expression.js";

/** The sign of each coordinate. Bernstein et al., 2018, arXiv:1802.04434. */
export const scaleBySign = defineTransform({
  name: "scale_by_sign",
  description: "The sign of each coordinate of the update.",
  hyperparameters: {},
  update: ({ update }) => ({ update: sign(update) }),
});
