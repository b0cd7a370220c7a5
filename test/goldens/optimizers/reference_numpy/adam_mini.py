"""Adam-mini. Zhang et al., 2024, arXiv:2406.16793: one second moment for each row of a matrix, one for each other tensor."""

import numpy

from .moments import decay_of, ema, zeros


def make(hyper, start, decayed, scales):
    m, v = zeros(start), {name: 0.0 for name in start}
    b1, b2 = hyper["beta1"], hyper["beta2"]

    def step(point, gradients, t, context):
        lr = hyper["learning_rate"] * context.factor
        for name, p in point.items():
            g = gradients[name]
            square = (g * g).mean(1, keepdims=True) if p.ndim == 2 else (g * g).mean()
            m[name], v[name] = ema(m[name], g, b1), ema(v[name], square, b2)
            u = m[name] / (1 - b1**t) / (numpy.sqrt(v[name] / (1 - b2**t)) + hyper["epsilon"])
            point[name] = p * (1 - lr * decay_of(hyper, decayed, name)) - lr * u
        return point

    return step
