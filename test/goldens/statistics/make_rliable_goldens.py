"""Writes rliable_goldens.json beside this file: interquartile means and probabilities of improvement with their intervals, from rliable.

Run in an environment made from rliable_requirements.txt:  python make_rliable_goldens.py
"""

import json
import platform
from importlib.metadata import version
from pathlib import Path

import numpy
from rliable import library, metrics


def intervals(data, statistic, random):
    """Means over repetitions of rliable's percentile bounds, and their standard deviation."""
    found = []
    for _ in range(10):
        _, bounds = library.get_interval_estimates(data, statistic, reps=5000, random_state=numpy.random.RandomState(random.integers(2**31)))
        found.append(next(iter(bounds.values())).ravel())
    return numpy.mean(found, axis=0).tolist(), numpy.std(found, axis=0, ddof=1).tolist()


def main():
    random = numpy.random.default_rng(20261124)
    cases = []
    for runs, other_runs, tasks in ((5, 5, 1), (10, 8, 3), (4, 4, 6)):
        first = random.normal(0.82, 0.05, size=(runs, tasks)).round(3)
        second = random.normal(0.8, 0.05, size=(other_runs, tasks)).round(3)
        iqm, iqm_error = intervals({"a": first}, lambda x: numpy.array([metrics.aggregate_iqm(x)]), random)
        better, better_error = intervals({"a,b": (first, second)}, lambda x, y: numpy.array([metrics.probability_of_improvement(x, y)]), random)
        cases.append(
            {
                "first": first.T.tolist(),
                "second": second.T.tolist(),
                "iqm": float(metrics.aggregate_iqm(first)),
                "iqm_bounds": iqm,
                "iqm_error": iqm_error,
                "improvement": float(metrics.probability_of_improvement(first, second)),
                "improvement_bounds": better,
                "improvement_error": better_error,
            }
        )
    made_with = {"python": platform.python_version(), **{name: version(name) for name in ("numpy", "scipy", "arch", "rliable")}}
    Path(__file__).with_name("rliable_goldens.json").write_text(json.dumps({"made_with": made_with, "cases": cases}, indent=1) + "\n")


main()
