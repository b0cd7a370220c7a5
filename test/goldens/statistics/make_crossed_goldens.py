"""Writes crossed_goldens.json beside this file: means of values that are crossed over training seeds and examples, from statsmodels' analysis of
variance and scipy's integral of Student's t over a chi-square.

Run in an environment made from requirements.txt:  python make_crossed_goldens.py
"""

import json
import platform
from pathlib import Path

import numpy
import pandas
import scipy
import statsmodels.api
from scipy.integrate import fixed_quad
from scipy.optimize import brentq, minimize
from scipy.stats import chi2, t
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm


def reml(rows):
    """Maximises the restricted likelihood of y = mean + seed + example + residual, from the covariance of all values, within variances of 0 or above."""
    seeds, examples = rows.shape
    y = rows.ravel()
    of_seeds = numpy.kron(numpy.eye(seeds), numpy.ones((examples, examples)))
    of_examples = numpy.kron(numpy.ones((seeds, seeds)), numpy.eye(examples))
    ones = numpy.ones(len(y))
    scale = y.var()

    def loss(parts):
        a, b, c = numpy.asarray(parts) * scale
        values, vectors = numpy.linalg.eigh(a * of_seeds + b * of_examples + c * numpy.eye(len(y)))
        inverse = (vectors / values) @ vectors.T
        information = ones @ inverse @ ones
        residual = y - (ones @ inverse @ y) / information
        return 0.5 * (numpy.log(values).sum() + numpy.log(information) + residual @ inverse @ residual)

    starts = [(0.3, 0.3, 0.4), (0.0, 0.5, 0.5), (0.5, 0.0, 0.5), (0.0, 0.0, 1.0)]
    # Exactly 0 is where a component may lie: the other two are searched there as well.
    found = []
    for start in starts:
        free = [index for index in range(3) if start[index] > 0]

        def part(logs, free=free):
            parts = numpy.zeros(3)
            parts[free] = numpy.exp(logs)
            return parts

        best = minimize(lambda logs: loss(part(logs)), numpy.log([start[index] for index in free]), method="Nelder-Mead",
                        options={"xatol": 1e-10, "fatol": 1e-13, "maxiter": 20000, "maxfev": 20000})
        found.append((best.fun, part(best.x)))
    # Of equal heights the one with fewer components.
    height = min(value for value, _ in found)
    parts = [parts for value, parts in found if value < height + 1e-9][-1] * scale
    return [float(part) for part in parts]


def tail(distance, squares, seeds, examples):
    """The generalised p-value: Student's, with examples - 1 degrees of freedom, averaged over what the variance between seeds may be."""
    of_seeds, of_examples, residual = squares
    freedom = seeds - 1

    def at(x):
        variance = numpy.maximum(of_seeds * freedom / x + max(of_examples - residual, 0), of_examples)
        return t.sf(distance / (variance / (seeds * examples)) ** 0.5, examples - 1)

    # In the root of the chi-square, whose density has no pole, and in two parts at the bend.
    part = lambda y: 2 * y * chi2.pdf(y * y, freedom) * at(y * y)
    bend = of_seeds * freedom / (of_examples - max(of_examples - residual, 0)) if residual > 0 else numpy.inf
    ends = sorted({0.0, min(bend, 400.0) ** 0.5, 20.0})
    return float(sum(fixed_quad(part, low, high, n=600)[0] for low, high in zip(ends, ends[1:])))


def case(rows, level):
    rows = numpy.asarray(rows, dtype=float)
    seeds, examples = rows.shape
    seed, example = numpy.indices(rows.shape)
    frame = pandas.DataFrame({"y": rows.ravel(), "seed": seed.ravel(), "example": example.ravel()})
    table = anova_lm(ols("y ~ C(seed) + C(example)", frame).fit(), typ=1)
    of_seeds, of_examples, residual = (float(table["mean_sq"][name]) for name in ("C(seed)", "C(example)", "Residual"))
    total = max(of_seeds + of_examples - residual, of_seeds, of_examples)
    mean = float(rows.mean())
    p = lambda distance: tail(distance, (of_seeds, of_examples, residual), seeds, examples)
    half = brentq(lambda distance: p(distance) - (1 - level) / 2, 0, 1e6 * (total / (seeds * examples)) ** 0.5, xtol=1e-13, rtol=1e-13)
    return {
        "rows": rows.tolist(),
        "level": level,
        "estimate": mean,
        "standardError": (total / (seeds * examples)) ** 0.5,
        "seedVariance": (of_seeds - residual) / examples,
        "exampleVariance": (of_examples - residual) / seeds,
        "residualVariance": residual,
        "reml": reml(rows),
        "lower": mean - half,
        "upper": mean + half,
        "tails": [{"distance": distance, "p": p(distance)} for distance in (abs(mean), half / 10, half, 3 * half)],
    }


def main():
    random = numpy.random.default_rng(20261124)
    cases = []
    for seeds, examples, seed_deviation, example_deviation in (
        (2, 2, 0.5, 0.5),
        (2, 30, 0.0, 1.0),
        (3, 40, 1.0, 0.2),
        (3, 50, 0.05, 1.0),
        (5, 25, 0.3, 0.0),
        (10, 12, 0.0, 0.0),
    ):
        y = 0.3 + seed_deviation * random.normal(size=(seeds, 1)) + example_deviation * random.normal(size=(1, examples))
        cases.append(case((y + random.normal(size=(seeds, examples))).round(6), 0.95 if seeds < 5 else 0.99))
    # Differences of right and wrong.
    right = (random.random((4, 60)) < 0.8).astype(int) - (random.random((4, 60)) < 0.7).astype(int)
    cases.append(case(right, 0.9))
    goldens = {
        "made_with": {
            "python": platform.python_version(),
            "numpy": numpy.__version__,
            "scipy": scipy.__version__,
            "statsmodels": statsmodels.__version__,
        },
        "cases": cases,
    }
    Path(__file__).with_name("crossed_goldens.json").write_text(json.dumps(goldens, indent=1) + "\n")


main()
