"""Writes mean_test_goldens.json beside this file: what a mean may be in truth, by restricted likelihood. The weights of the likeliest distribution with a
mean are looked for among all that there are, with scipy's minimiser.

Run in an environment made from requirements.txt:  python make_mean_test_goldens.py
"""

import json
import platform
from pathlib import Path

import numpy
import scipy
from scipy.optimize import minimize
from scipy.stats import binom, t


def restricted_variance(values, mean, least, most):
    """Of the likeliest distribution over the values and both ends of the range that has this mean."""
    places = numpy.concatenate([values, [least, most]])
    count = len(values)
    # Feasible at the start: the values' own weights and what one end has to take.
    own = numpy.mean(values)
    end = least if own > mean else most
    share = (own - mean) / (own - end) if own != mean else 0.0
    start = numpy.concatenate([numpy.full(count, (1 - share) / count), [share if end == least else 0.0, share if end == most else 0.0]])
    found = minimize(
        lambda w: -numpy.log(numpy.maximum(w[:count], 1e-300)).sum(),
        start,
        jac=lambda w: numpy.concatenate([-1 / numpy.maximum(w[:count], 1e-300), [0.0, 0.0]]),
        bounds=[(1e-12, 1)] * count + [(0, 1)] * 2,
        constraints=[
            {"type": "eq", "fun": lambda w: w.sum() - 1, "jac": lambda w: numpy.ones(count + 2)},
            {"type": "eq", "fun": lambda w: (w @ places - mean) / (most - least), "jac": lambda w: places / (most - least)},
        ],
        method="SLSQP",
        options={"ftol": 1e-15, "maxiter": 5000},
    )
    return float(found.x @ (places - mean) ** 2)


def tail(values, mean, least, most):
    count = len(values)
    variance = max(values.var(ddof=1), count / (count - 1) * restricted_variance(values, mean, least, most))
    return float(t.sf(abs(values.mean() - mean) / (variance / count) ** 0.5, count - 1))


def case(values, means, least, most):
    values = numpy.asarray(values, dtype=float)
    return {
        "values": values.tolist(),
        "least": least,
        "most": most,
        "means": [
            {"mean": mean, "variance": restricted_variance(values, mean, least, most), "tail": tail(values, mean, least, most)}
            for mean in means
        ],
    }


def sign_flips(random):
    """Exact p-values of sums with random signs, all signs gone through; of signs alone the binomial distribution."""
    cases = []
    for values in ([1], [1, 1, 1, 1], [3, -1, 2, 2, 5], random.integers(-5, 6, 14).tolist(), [0, 0, 2]):
        sizes = numpy.abs(values)
        signs = 1 - 2 * ((numpy.arange(2 ** len(values))[:, None] >> numpy.arange(len(values))) & 1)
        p = float((numpy.abs(signs @ sizes) >= abs(sum(values))).mean())
        cases.append({"values": values, "pValue": p})
    many = [1] * 90 + [-1] * 60
    cases.append({"values": many, "pValue": float(min(1, 2 * binom.cdf(60, 150, 0.5)))})
    return cases


def main():
    random = numpy.random.default_rng(20261201)
    exponential = random.exponential(1, 12).round(3)
    cases = [
        case(exponential, [0.1, 0.5, float(exponential.mean()), 1.5, 3.0], 0, 6),
        case(random.normal(0.2, 1, 15).round(3), [-0.5, 0.0, 1.0], -8, 8),
        # No value on one side of the hypothesis: the end of the range takes what is missing.
        case([0.06] * 10, [-0.02, 0.0, 0.02, 0.3], -6, 6),
        case([0] * 14 + [1] * 2, [-0.1, 0.0, 0.05, 0.4], -1, 1),
        case([0] * 16, [-0.05, 0.05], -1, 1),
    ]
    goldens = {
        "made_with": {"python": platform.python_version(), "numpy": numpy.__version__, "scipy": scipy.__version__},
        "cases": cases,
        "sign_flips": sign_flips(random),
    }
    Path(__file__).with_name("mean_test_goldens.json").write_text(json.dumps(goldens, indent=1) + "\n")


if __name__ == "__main__":
    main()
