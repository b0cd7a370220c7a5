import { defineMatrixTransform } from "../defineMatrixTransform.js";
import { mean } from "../matrixAlgebra.js";

/** Gradient centralisation: each row of a matrix less its mean; vectors stay as they are. Yong et al., 2020, arXiv:2004.01461, equation 1. */
export const centralizeGradient = defineMatrixTransform({
  name: "centralize_gradient",
  description: "Takes its mean out of each row of a matrix's gradient.",
  hyperparameters: {},
  update: ({ algebra, update: g }, { isVector }) => ({ update: isVector ? g : algebra.sub(g, mean(algebra, g, "columns")) }),
});
