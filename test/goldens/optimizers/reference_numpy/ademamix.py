"""AdEMAMix. Pagliardini et al., 2024, arXiv:2409.03137, with the warm-ups of alpha and beta3 (0: none) and decoupled decay."""

import math

import numpy

from .moments import decay_of, ema, zeros


def warmed_beta3(t, steps, beta1, beta3):
    """The paper's schedule: the half-life grows linearly. Exactly beta3 from `steps` on."""
    if steps == 0 or t >= steps:
        return beta3
    first, last = math.log(beta1), math.log(beta3)
    return min(math.exp(first * last / ((1 - t / steps) * last + (t / steps) * first)), beta3)


def make(hyper, start, decayed, scales):
    fast, slow, v = zeros(start), zeros(start), zeros(start)
    b1, b2 = hyper["beta1"], hyper["beta2"]

    def step(point, gradients, t, context):
        lr = hyper["learning_rate"] * context.factor
        alpha = hyper["alpha"] * (min(1, t / hyper["alpha_warmup"]) if hyper["alpha_warmup"] else 1)
        b3 = warmed_beta3(t, hyper["beta3_warmup"], b1, hyper["beta3"])
        for name, p in point.items():
            g = gradients[name]
            fast[name], slow[name], v[name] = ema(fast[name], g, b1), ema(slow[name], g, b3), ema(v[name], g * g, b2)
            u = (fast[name] / (1 - b1**t) + alpha * slow[name]) / (numpy.sqrt(v[name] / (1 - b2**t)) + hyper["epsilon"])
            point[name] = p - lr * u - lr * decay_of(hyper, decayed, name) * p
        return point

    return step
