import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { scaleByRprop } from "../transforms/scaleByRprop.js";

export const rprop = definePreset({
  name: "rprop",
  description: "A step size for each coordinate that grows while its gradient keeps its sign.",
  formula:
    "s = sign(g g_previous); size = size times eta_plus where s > 0, eta_minus where s < 0, within [min_step, max_step]; theta = theta - sign(g) size, 0 where s < 0",
  source:
    "Riedmiller and Braun, 1993, A Direct Adaptive Method for Faster Backpropagation Learning: The RPROP Algorithm; semantics of torch.optim.Rprop. It is made for full batches. Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [use(scaleByRprop)],
  defaults: { learning_rate: 1e-6, max_step: 1e-4, min_step: 1e-8 },
  conflicts: [
    "The learning rate is the first step size only: schedules and parameter groups' learning rates do not change it.",
    "Signs of mini-batch gradients are noisy: it is made for full batches.",
  ],
});
