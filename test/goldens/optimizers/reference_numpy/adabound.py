"""AdaBound and AMSBound. Luo et al., 2019, arXiv:1902.09843, and the official code (adabound 0.0.5): coupled decay, the step size of
each coordinate, bias corrections included, is clamped, to bounds that the schedule multiplies as well. gamma 0: from 0 to infinity."""

import numpy

from .moments import decay_of, ema, zeros


def bounds(final_learning_rate, gamma, t):
    lower = final_learning_rate * (1 - 1 / (gamma * t + 1))
    return lower, final_learning_rate * (1 + 1 / (gamma * t)) if gamma > 0 else numpy.inf


def make_with(amsgrad):
    def make(hyper, start, decayed, scales):
        m, v, largest = zeros(start), zeros(start), zeros(start)
        b1, b2 = hyper["beta1"], hyper["beta2"]

        def step(point, gradients, t, context):
            lower, upper = bounds(hyper["final_learning_rate"] * context.factor, hyper["gamma"], t)
            for name, p in point.items():
                g = gradients[name] + decay_of(hyper, decayed, name) * p
                m[name] = ema(m[name], g, b1)
                v[name] = ema(v[name], g * g, b2)
                largest[name] = numpy.maximum(largest[name], v[name])
                root = numpy.sqrt(largest[name] if amsgrad else v[name]) + hyper["epsilon"]
                size = hyper["learning_rate"] * context.factor * numpy.sqrt(1 - b2**t) / (1 - b1**t) / root
                point[name] = p - numpy.clip(size, lower, upper) * m[name]
            return point

        return step

    return make


make = make_with(False)
make_ams = make_with(True)
