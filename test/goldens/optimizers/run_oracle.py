"""Runs one optimizer on one problem. An optimizer here is `make(hyper, start, decayed, scales) -> step` and
`step(point, gradients, t, context) -> point`, all arrays float64, t from 1; `step.evaluation(point)` where it evaluates elsewhere.
`context.factor` is what the schedule multiplies the learning rate with at this step."""

from types import SimpleNamespace

import numpy

from problems import gradient, is_decayed, sampled_gradient, start

SAMPLED = [1, 2, 3, 10, 50, 100]


def follow(make, hyper, problem, scales=None, noise=0.0, factors=None):
    """Samples of the parameters, and of the evaluation point where there is one.

    factors: of the schedule, by step from the first; None: a constant learning rate.
    noise: relative error put on every gradient and parameter at each step, to measure how the run amplifies rounding.
    """
    point = start(problem)
    random = numpy.random.default_rng(7)

    def noisy(values):
        return {n: v * (1 + noise * random.uniform(-1, 1, v.shape)) for n, v in values.items()} if noise else values

    decayed = {name: is_decayed(name) for name in point}
    step = make(hyper, {n: v.copy() for n, v in point.items()}, decayed, scales or {name: 1.0 for name in point})
    samples, evaluation = {}, {}
    for t in range(1, max(SAMPLED) + 1):
        context = SimpleNamespace(
            factor=factors[t - 1] if factors else 1.0,
            gradient=lambda at: noisy(gradient(problem, at)),
            sampled_gradient=lambda at, t=t: noisy(sampled_gradient(problem, at, t)),
        )
        point = step({n: v.copy() for n, v in point.items()}, noisy(gradient(problem, point)), t, context)
        point = noisy(point)
        assert all(numpy.isfinite(v).all() for v in point.values()), (hyper, problem, t)
        if t in SAMPLED:
            samples[t] = {n: v.copy() for n, v in point.items()}
            if hasattr(step, "evaluation"):
                evaluation[t] = {n: v.copy() for n, v in step.evaluation(point).items()}
    return samples, evaluation


def difference(actual, expected):
    """The largest difference relative to the root mean square of the parameter, over all samples."""
    return max(
        float(numpy.abs(actual[t][n] - value).max() / numpy.sqrt((value**2).mean()))
        for t, values in expected.items()
        for n, value in values.items()
    )
