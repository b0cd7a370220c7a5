import { defineWrapper } from "../defineWrapper.js";
import { abs, add, decayed, div, globalNorm, mul, square, sub } from "../expression.js";
import { nonNegative, number } from "../hyperparameter.js";

/** SAM: the gradient is taken at the worst point nearby. Foret et al., 2021, arXiv:2010.01412, algorithm 1. Each step takes two gradients. */
export const sharpnessAware = defineWrapper({
  name: "sharpness_aware",
  description: "SAM: the step's gradient is taken where the loss is largest within a small ball; two gradients a step.",
  hyperparameters: {
    sam_rho: number(0.05, nonNegative, "Radius of the ball; 0: the gradient at the parameters."),
  },
  identity: ({ sam_rho }) => sam_rho === 0,
  gradientPoint: ({ parameter, gradient, hyper: { sam_rho } }) =>
    add(parameter, mul(div(sam_rho, add(globalNorm(gradient), 1e-12)), gradient)),
});

/** ASAM: SAM in a ball that scales with each parameter. Kwon et al., 2021, arXiv:2102.11600, algorithm 1. Each step takes two gradients. */
export const adaptiveSharpnessAware = defineWrapper({
  name: "adaptive_sharpness_aware",
  description: "ASAM: SAM in a ball that scales with the parameters; two gradients a step.",
  hyperparameters: {
    asam_rho: number(0.5, nonNegative, "Radius of the ball; 0: the gradient at the parameters."),
    asam_eta: number(0.01, nonNegative, "Added to each parameter's magnitude."),
  },
  identity: ({ asam_rho }) => asam_rho === 0,
  gradientPoint({ parameter, gradient, hyper: { asam_rho, asam_eta } }) {
    // The authors' code scales weights only: biases and norm gains, which are not decayed, keep the plain ball.
    const scale = add(mul(decayed, add(abs(parameter), asam_eta)), sub(1, decayed));
    return add(parameter, mul(div(asam_rho, add(globalNorm(mul(scale, gradient)), 1e-12)), mul(square(scale), gradient)));
  },
});
