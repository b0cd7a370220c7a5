"""The peers of bench:statistics: scipy on the same numbers.

Usage: scipy_statistics.py. Answers each line "NAME HOW COUNT" on standard input with a JSON list of the seconds of COUNT runs.
"""

import json
import sys
import time

import numpy
from scipy.stats import bootstrap, ttest_rel

random = numpy.random.default_rng(1)
losses = random.exponential(0.4, size=100_000) - random.exponential(0.41, size=100_000)
right = (random.random(100_000) < 0.9).astype(float) - (random.random(100_000) < 0.89).astype(float)
outcomes = (random.random((20, 10, 10_000)) < 0.9).astype(float)


def paired(values):
    # In batches: all resamples at once would take 8 GB.
    bootstrap((values,), numpy.mean, n_resamples=10_000, batch=50, method="percentile", rng=random)


def pairs():
    for first in range(20):
        for second in range(first + 1, 20):
            ttest_rel(outcomes[first].ravel(), outcomes[second].ravel())


runs = {"log-loss": lambda: paired(losses), "binary": lambda: paired(right), "many": pairs}
print(json.dumps({"peers": list(runs)}), flush=True)
for line in sys.stdin:
    name, _, count = line.split()
    seconds = []
    for _ in range(int(count)):
        start = time.perf_counter()
        runs[name]()
        seconds.append(time.perf_counter() - start)
    print(json.dumps(seconds), flush=True)
