"""The small problems that every golden run minimises: data, start and loss, in float64. problems.ts computes the same gradients.

Parameters whose name ends with "bias" are out of weight decay. "wide" is there for what treats matrices apart: it has more columns
than rows, "network" has more rows than columns.
"""

import numpy
import torch

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
random = numpy.random.default_rng(20)


def rounded(shape, scale=1.0):
    return numpy.round(random.standard_normal(shape) * scale, 4)


def quadratic():
    """Bad conditioning: curvatures from 1e-3 to 10. The sampled stream scales each coordinate by .5, 1 or 1.5."""
    curvature = numpy.round(numpy.logspace(-3, 1, 8), 6)
    start = {"x": rounded(8)}

    def loss(p, sampled=None):
        scale = 1.0 if sampled is None else torch.tensor(0.5 + 0.5 * ((numpy.arange(8) + sampled) % 3))
        return 0.5 * (scale * torch.tensor(curvature) * p["x"] ** 2).sum()

    return {"curvature": curvature.tolist()}, start, loss


def logistic():
    """Logistic regression. The sampled stream flips the labels of the examples e with (e + step) mod 3 = 0."""
    x, y = rounded((12, 5)), random.integers(0, 2, 12)
    start = {"weight": rounded(5, 0.1), "bias": rounded(1, 0.1)}

    def loss(p, sampled=None):
        flipped = numpy.zeros(12, bool) if sampled is None else (numpy.arange(12) + sampled) % 3 == 0
        labels = torch.tensor(numpy.where(flipped, 1 - y, y), dtype=torch.float64)
        logits = torch.tensor(x) @ p["weight"] + p["bias"]
        return torch.nn.functional.binary_cross_entropy_with_logits(logits, labels)

    return {"x": x.tolist(), "y": y.tolist()}, start, loss


def network():
    """Two layers with tanh, mean squared error. The sampled stream adds .5 ((e + step) mod 4) - .75 to example e's target."""
    x, y = rounded((10, 3)), rounded(10)
    start = {
        "hidden.weight": rounded((4, 3), 0.5),
        "hidden.bias": rounded(4, 0.1),
        "output.weight": rounded(4, 0.5),
        "output.bias": rounded(1, 0.1),
    }

    def loss(p, sampled=None):
        shift = 0.0 if sampled is None else 0.5 * ((numpy.arange(10) + sampled) % 4) - 0.75
        hidden = torch.tanh(torch.tensor(x) @ p["hidden.weight"].T + p["hidden.bias"])
        return ((hidden @ p["output.weight"] + p["output.bias"] - torch.tensor(y + shift)) ** 2).mean()

    return {"x": x.tolist(), "y": y.tolist()}, start, loss


def wide():
    """Linear regression with two outputs, mean over the examples of the summed squares."""
    x, y = rounded((9, 5)), rounded((9, 2))
    start = {"weight": rounded((2, 5), 0.3), "bias": rounded(2, 0.1)}

    def loss(p, sampled=None):
        assert sampled is None
        return ((torch.tensor(x) @ p["weight"].T + p["bias"] - torch.tensor(y)) ** 2).sum(1).mean()

    return {"x": x.tolist(), "y": y.tolist()}, start, loss


PROBLEMS = {"quadratic": quadratic(), "logistic": logistic(), "network": network(), "wide": wide()}
THREE = ("quadratic", "logistic", "network")
MATRICES = (*THREE, "wide")


def start(problem):
    """Where a problem starts: arrays by parameter name."""
    return {name: numpy.array(value) for name, value in PROBLEMS[problem][1].items()}


def gradient(problem, point, sampled=None):
    """The loss's gradient at a point; with `sampled` the step, that of the second stream."""
    leaves = {name: torch.tensor(value, requires_grad=True) for name, value in point.items()}
    PROBLEMS[problem][2](leaves, sampled).backward()
    return {name: leaf.grad.numpy() for name, leaf in leaves.items()}


def sampled_gradient(problem, point, step):
    """What stands for the gradient with labels sampled from the model (Sophia-G): a fixed function of the point and the step, from 1."""
    return gradient(problem, point, step)


def is_decayed(name):
    return not name.endswith("bias")
