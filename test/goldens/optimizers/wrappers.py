"""Wrappers around any `make` of run_oracle.py, each from its paper. A wrapper is `wrap(make, options) -> make`."""

import numpy

from reference_numpy.moments import ema, zeros


def lookahead(make, options):
    """Zhang et al., 2019, arXiv:1907.08610: the slow weights begin at the start; the inner state is kept."""

    def wrapped(hyper, start, decayed, scales):
        inner = make(hyper, start, decayed, scales)
        slow = {name: value.copy() for name, value in start.items()}

        def step(point, gradients, t, context):
            point = inner(point, gradients, t, context)
            if t % options["steps"] == 0:
                for name, fast in point.items():
                    slow[name] = slow[name] + options["alpha"] * (fast - slow[name])
                point = {name: value.copy() for name, value in slow.items()}
            return point

        return step

    return wrapped


def averaged(make, options):
    """Exponential moving average of the parameters after each step, debiased as Adam's moments are: it begins at 0."""

    def wrapped(hyper, start, decayed, scales):
        inner = make(hyper, start, decayed, scales)
        average, steps = zeros(start), [0]

        def step(point, gradients, t, context):
            point = inner(point, gradients, t, context)
            for name, value in point.items():
                average[name] = ema(average[name], value, options["decay"])
            steps[0] = t
            return point

        step.evaluation = lambda point: {name: value / (1 - options["decay"] ** steps[0]) for name, value in average.items()}
        return step

    return wrapped


def swa(make, options):
    """Izmailov et al., 2018, arXiv:1803.05407: the plain mean of the parameters after steps start, start + frequency, ..."""

    def wrapped(hyper, start, decayed, scales):
        inner = make(hyper, start, decayed, scales)
        mean, count = zeros(start), [0]

        def step(point, gradients, t, context):
            point = inner(point, gradients, t, context)
            if t >= options["start"] and (t - options["start"]) % options["frequency"] == 0:
                count[0] += 1
                for name, value in point.items():
                    mean[name] = mean[name] + (value - mean[name]) / count[0]
            return point

        step.evaluation = lambda point: mean if count[0] else point
        return step

    return wrapped


def perturbed(make, perturbation):
    """Two gradients a step: the inner optimizer gets the gradient at point + perturbation(point, gradients, decayed)."""

    def wrapped(hyper, start, decayed, scales):
        inner = make(hyper, start, decayed, scales)

        def step(point, gradients, t, context):
            change = perturbation(point, gradients, decayed)
            second = context.gradient({name: value + change[name] for name, value in point.items()})
            return inner(point, second, t, context)

        return step

    return wrapped


def global_norm(tensors):
    return numpy.sqrt(sum((value * value).sum() for value in tensors.values()))


def sam(make, options):
    """Foret et al., 2021, arXiv:2010.01412: rho g / (|g| + 1e-12), the norm over all parameters."""

    def perturbation(point, gradients, decayed):
        scale = options["rho"] / (global_norm(gradients) + 1e-12)
        return {name: scale * g for name, g in gradients.items()}

    return perturbed(make, perturbation)


def asam(make, options):
    """Kwon et al., 2021, arXiv:2102.11600: T = |w| + eta (1 for what has no decay); rho T^2 g / (|T g| + 1e-16)."""

    def perturbation(point, gradients, decayed):
        t = {name: numpy.abs(w) + options["eta"] if decayed[name] else numpy.ones_like(w) for name, w in point.items()}
        scaled = {name: t[name] * g for name, g in gradients.items()}
        scale = options["rho"] / (global_norm(scaled) + 1e-16)
        return {name: scale * t[name] * value for name, value in scaled.items()}

    return perturbed(make, perturbation)


def schedule_free(make, options):
    """Defazio et al., 2024, arXiv:2405.15682, around any optimizer: it steps z with the gradient at y; x is the mean of z, weighted by
    the step and the largest learning rate so far.

    Without decay in the inner optimizer. The parameters (where gradients are taken) are y; the evaluation point is x.
    """
    momentum, r, power = options["momentum"], options["r"], options["weight_lr_power"]

    def wrapped(hyper, start, decayed, scales):
        inner = make(hyper, start, decayed, scales)
        z = {name: value.copy() for name, value in start.items()}
        x = {name: value.copy() for name, value in start.items()}
        sums, largest = {name: 0.0 for name in start}, {name: 0.0 for name in start}

        def step(point, gradients, t, context):
            z.update(inner({name: value.copy() for name, value in z.items()}, gradients, t, context))
            for name in point:
                largest[name] = max(largest[name], hyper["learning_rate"] * scales[name] * context.factor)
                weight = t**r * largest[name] ** power
                sums[name] += weight
                x[name] = x[name] + (weight / sums[name] if sums[name] else 0.0) * (z[name] - x[name])
            return {name: (1 - momentum) * z[name] + momentum * x[name] for name in point}

        step.evaluation = lambda point: x
        return step

    return wrapped


WRAPPERS = {"lookahead": lookahead, "ema": averaged, "swa": swa, "sam": sam, "asam": asam, "schedule_free": schedule_free}


def wrap(make, wrappers):
    """The first wrapper is the innermost."""
    for wrapper in wrappers:
        options = {key: value for key, value in wrapper.items() if key != "name"}
        make = WRAPPERS[wrapper["name"]](make, options)
    return make
