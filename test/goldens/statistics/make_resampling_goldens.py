"""Writes resampling_goldens.json beside this file: bootstrap bounds and binomial probabilities from scipy.

Run in an environment made from requirements.txt:  python make_resampling_goldens.py
"""

import json
import platform
from pathlib import Path

import numpy
import scipy
from scipy.stats import binom, bootstrap, norm
from sklearn.metrics import f1_score


MASK = 0xFFFFFFFF


def mixed(x):
    """The finaliser triple32."""
    x &= MASK
    x = ((x ^ (x >> 17)) * 0xED5AD4BB) & MASK
    x = ((x ^ (x >> 11)) * 0xAC4C1B51) & MASK
    x = ((x ^ (x >> 15)) * 0x31848BAB) & MASK
    return x ^ (x >> 14)


def rotated(x, k):
    return ((x << k) | (x >> (32 - k))) & MASK


def xoshiro(seed, stream, count):
    """xoshiro128** as Blackman and Vigna publish it, from a state that SplitMix makes."""
    counter = mixed(seed) ^ mixed(~stream)
    state = []
    for _ in range(4):
        counter = (counter + 0x9E3779B9) & MASK
        state.append(mixed(counter ^ (stream * 0x85EBCA6B)))
    state[3] |= 1
    numbers = []
    for _ in range(count):
        numbers.append((rotated((state[1] * 5) & MASK, 7) * 9) & MASK)
        t = (state[1] << 9) & MASK
        state[2] ^= state[0]
        state[3] ^= state[1]
        state[1] ^= state[2]
        state[0] ^= state[3]
        state[2] ^= t
        state[3] = rotated(state[3], 11)
    return numbers


def generators():
    return [{"seed": seed, "stream": stream, "bits": xoshiro(seed, stream, 8)} for seed, stream in ((0, 0), (1, 0), (0, 1), (20261124, 9999), (4294967295, 4294967295))]


def bounds(random):
    """Bounds of given resamples, in scipy's words: its percentile of a score, its quantiles and its distribution."""
    cases = []
    for count, skew, tied in ((200, 0.0, False), (1000, 1.5, False), (501, -0.8, True)):
        resamples = random.normal(0.3, 0.1, size=count) + skew * 0.02 * random.exponential(size=count)
        resamples = resamples.round(2) if tied else resamples.round(6)
        estimate, acceleration = 0.31, 0.02 * skew
        for level in (0.8, 0.95, 0.99):
            tail = (1 - level) / 2
            bias = norm.ppf(((resamples < estimate).mean() + (resamples <= estimate).mean()) / 2)
            z = norm.ppf([tail, 1 - tail])
            shares = norm.cdf(bias + (bias + z) / (1 - acceleration * (bias + z)))
            cases.append(
                {
                    "resamples": resamples.tolist(),
                    "estimate": estimate,
                    "acceleration": acceleration,
                    "level": level,
                    "bca": numpy.percentile(resamples, 100 * shares).tolist(),
                    "percentile": numpy.percentile(resamples, [100 * tail, 100 - 100 * tail]).tolist(),
                }
            )
    return cases


def intervals(random):
    """Whole intervals, which agree within Monte Carlo error: `error` is the standard deviation of scipy's own bounds over repetitions."""
    cases = []
    for name, values in (
        ("losses", random.exponential(0.5, size=200).round(6)),
        ("shares", (random.random(120) < 0.9).astype(float)),
        ("few", random.normal(size=12).round(6)),
    ):
        for method in ("BCa", "percentile"):
            found = numpy.array(
                [
                    tuple(
                        bootstrap((values,), numpy.mean, n_resamples=10_000, method=method, rng=numpy.random.default_rng(repetition)).confidence_interval
                    )
                    for repetition in range(20)
                ]
            )
            cases.append(
                {
                    "name": name,
                    "values": values.tolist(),
                    "method": method.lower(),
                    "bounds": found.mean(axis=0).tolist(),
                    "error": found.std(axis=0, ddof=1).tolist(),
                }
            )
    return cases


def tables(random):
    """Macro F1 of resampled examples, one by one: quantiles of what the multinomial draw of the cells has to come to."""
    labels = random.choice(3, size=150, p=[0.6, 0.3, 0.1])
    predicted = numpy.where(random.random(150) < 0.75, labels, random.choice(3, size=150))
    matrix = numpy.zeros((3, 3), dtype=int)
    numpy.add.at(matrix, (labels, predicted), 1)
    values = []
    for _ in range(20_000):
        rows = random.integers(150, size=150)
        values.append(f1_score(labels[rows], predicted[rows], average="macro", labels=numpy.unique([labels[rows], predicted[rows]])))
    return [
        {
            "matrix": matrix.tolist(),
            "mean": float(numpy.mean(values)),
            "deviation": float(numpy.std(values)),
            "quantiles": {str(q): float(numpy.quantile(values, q)) for q in (0.025, 0.25, 0.5, 0.75, 0.975)},
        }
    ]


def binomials():
    cases = []
    for n, p in ((5, 0.3), (40, 0.1), (100, 0.4), (1000, 0.5), (1000, 0.93), (10_000_000, 0.0001), (10_000_000, 0.25)):
        cases.append({"trials": n, "share": p, "deciles": [int(binom.ppf(q / 10, n, p)) for q in range(1, 10)], "cdf": [float(binom.cdf(int(binom.ppf(q / 10, n, p)), n, p)) for q in range(1, 10)]})
    return cases


def main():
    random = numpy.random.default_rng(20261124)
    goldens = {
        "made_with": {"python": platform.python_version(), "numpy": numpy.__version__, "scipy": scipy.__version__},
        "generators": generators(),
        "bounds": bounds(random),
        "intervals": intervals(random),
        "tables": tables(random),
        "binomials": binomials(),
    }
    Path(__file__).with_name("resampling_goldens.json").write_text(json.dumps(goldens, separators=(",", ":")) + "\n")


main()
