"""The service's own methods. `enhanced`: AdamW with one idea. `integrated`: Adam with rectification and bounds, decoupled decay, trust
ratio, rectification factor, learning rate, in this order; every element can be left out."""

import numpy

from .adabound import bounds
from .moments import decay_of, ema, zeros


def rectification(t, beta2):
    """RAdam's factor r_t, Liu et al., 2020, arXiv:1908.03265; None while the variance is intractable (rho_t at most 5)."""
    rho_inf = 2 / (1 - beta2) - 1
    rho = rho_inf - 2 * t * beta2**t / (1 - beta2**t)
    if rho <= 5:
        return None
    return ((rho - 4) * (rho - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho)) ** 0.5


class Adam:
    """Adam's direction, optionally not adapted while RAdam says so, and optionally bounded."""

    def __init__(self, hyper, start, rectified, bounded):
        self.hyper, self.rectified, self.bounded = hyper, rectified, bounded
        self.m, self.v = zeros(start), zeros(start)

    def direction(self, name, g, t):
        hyper = self.hyper
        b1, b2 = hyper["beta1"], hyper["beta2"]
        m = self.m[name] = ema(self.m[name], g, b1)
        v = self.v[name] = ema(self.v[name], g * g, b2)
        if self.rectified and rectification(t, b2) is None:
            return m / (1 - b1**t)
        if not (self.rectified or self.bounded):
            return m / (1 - b1**t) / (numpy.sqrt(v / (1 - b2**t)) + hyper["epsilon"])
        size = numpy.sqrt(1 - b2**t) / (1 - b1**t) / (numpy.sqrt(v) + hyper["epsilon"])
        if self.bounded:
            # on what the learning rate multiplies, so the schedule multiplies them with it
            lower, upper = bounds(hyper["final_learning_rate"] / hyper["learning_rate"], hyper["gamma"], t)
            size = numpy.clip(size, lower, upper)
        return size * m


def trust_ratio(p, u):
    norm, update = numpy.sqrt((p * p).sum()), numpy.sqrt((u * u).sum())
    return norm / update if norm > 0 and update > 0 else 1.0


def enhanced(hyper, start, decayed, scales):
    idea = hyper["idea"]
    adam = Adam(hyper, start, idea == "rectify", idea == "bounds")

    def step(point, gradients, t, context):
        for name, p in point.items():
            decay, lr = decay_of(hyper, decayed, name), hyper["learning_rate"] * scales[name] * context.factor
            u = adam.direction(name, gradients[name], t)
            if idea == "rectify":
                u = (rectification(t, hyper["beta2"]) or 1.0) * u
            u = u + decay * p
            if idea == "trust" and decay != 0:
                u = trust_ratio(p, u) * u
            point[name] = p - lr * u
        return point

    return step


def integrated(without=()):
    """The chain without some of its elements: "rectify", "bounds", "trust", "layer-decay", "ema"."""

    def make(hyper, start, decayed, scales):
        rectified = "rectify" not in without
        adam = Adam(hyper, start, rectified, "bounds" not in without)
        average, kept, steps = zeros(start), hyper["ema_decay"], [0]

        def step(point, gradients, t, context):
            for name, p in point.items():
                decay = decay_of(hyper, decayed, name)
                u = adam.direction(name, gradients[name], t) + decay * p
                if "trust" not in without and decay != 0:
                    u = min(1.0, trust_ratio(p, u)) * u
                if rectified:
                    u = (rectification(t, hyper["beta2"]) or 1.0) * u
                point[name] = p - hyper["learning_rate"] * scales[name] * context.factor * u
                average[name] = ema(average[name], point[name], kept)
            steps[0] = t
            return point

        if "ema" not in without:
            step.evaluation = lambda point: {name: value / (1 - kept ** steps[0]) for name, value in average.items()}
        return step

    return make
