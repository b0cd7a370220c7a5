"""Sophia-G. Liu et al., 2023, arXiv:2305.14342, algorithm 3 with the Gauss-Newton-Bartlett estimate (algorithm 2); epsilon and the place of
the batch size as in the official code. The estimate is made at steps 1, 1 + update_interval, ..., before the step, at the same point."""

import numpy

from .moments import decay_of, ema, zeros

BATCH_SIZE = 1


def make(hyper, start, decayed, scales):
    m, h = zeros(start), zeros(start)

    def step(point, gradients, t, context):
        lr = hyper["learning_rate"] * context.factor
        if (t - 1) % hyper["update_interval"] == 0:
            sampled = context.sampled_gradient(point)
            for name in point:
                h[name] = ema(h[name], sampled[name] ** 2, hyper["beta2"])
        for name, p in point.items():
            m[name] = ema(m[name], gradients[name], hyper["beta1"])
            size = numpy.minimum(numpy.abs(m[name]) / (hyper["rho"] * BATCH_SIZE * h[name] + hyper["epsilon"]), 1)
            point[name] = p * (1 - lr * decay_of(hyper, decayed, name)) - lr * numpy.sign(m[name]) * size
        return point

    return step
