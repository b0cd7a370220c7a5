"""Writes comparisons.json beside this file: expected values for services/core/comparisons from statsmodels, scikit-learn and scipy.

Run in an environment made from ../statistics/requirements.txt:  python make_comparisons.py
"""

import json
import platform
import sys
from itertools import combinations
from pathlib import Path

import numpy
import scipy
import sklearn
import statsmodels
from scipy.stats import norm
from sklearn.metrics import balanced_accuracy_score, f1_score, matthews_corrcoef, roc_auc_score
from statsmodels.stats.contingency_tables import cochrans_q, mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_effectsize

sys.path.append(str(Path(__file__).parent.parent / "statistics"))
from make_goldens import mcnemar_mid_p, tango, tango_score  # noqa: E402


def equivalence_p(counts, margin):
    """The larger p-value of the two one-sided score tests."""
    return float(norm.sf(min(tango_score(counts, -margin), -tango_score(counts, margin))))


def paired_counts(x, y):
    """How many examples both have right, only the first, only the second, neither."""
    return tuple(int(((x == p) & (y == q)).sum()) for p, q in ((1, 1), (1, 0), (0, 1), (0, 0)))


def accuracies(random):
    cases = []
    for examples, margin, gaps in ((60, 0.1, (0.0, 0.6, 0.9)), (872, 0.02, (0.0, 0.1, 0.4, 0.5)), (3000, 0.01, (0.0, 0.02))):
        ease = random.normal(1.2, 1.5, (examples, 1))
        outcomes = (random.random((examples, len(gaps))) < 1 / (1 + numpy.exp(-ease - numpy.array(gaps)))).astype(int)
        pairs = []
        for a, b in combinations(range(len(gaps)), 2):
            x, y = outcomes[:, a], outcomes[:, b]
            counts = paired_counts(x, y)
            _, only_first, only_second, _ = counts
            p = float(mcnemar([[0, only_first], [only_second, 0]], exact=True).pvalue)
            lower, upper = tango(counts, 0.95)
            together = tango(counts, 1 - 0.05 / (len(gaps) * (len(gaps) - 1) / 2))
            pairs.append(
                {
                    "first": f"group {a}",
                    "second": f"group {b}",
                    "difference": float(x.mean() - y.mean()),
                    "lower": float(lower),
                    "upper": float(upper),
                    "together": [float(bound) for bound in together],
                    "pValue": p,
                    "midP": float(mcnemar_mid_p(only_first, only_second)),
                    "equivalenceP": equivalence_p(counts, margin),
                    "h": float(proportion_effectsize(x.mean(), y.mean())),
                }
            )
        for ours, theirs in (("holm", "holm"), ("benjamini-hochberg", "fdr_bh")):
            for pair, p in zip(pairs, multipletests([pair["pValue"] for pair in pairs], method=theirs)[1]):
                pair[ours] = float(p)
        q = cochrans_q(outcomes)
        cases.append(
            {
                "outcomes": outcomes.T.tolist(),
                "margin": margin,
                "q": float(q.statistic),
                "qPValue": float(q.pvalue),
                "pairs": pairs,
            }
        )
    return cases


def linearised_macro_f1s(random):
    """scikit-learn's macro F1, differentiated numerically by the weight of each example."""
    cases = []
    for classes, examples, absent in ((2, 25, []), (4, 60, [2])):
        present = [c for c in range(classes) if c not in absent]
        labels = random.choice(present, examples)
        predicted = numpy.where(random.random(examples) < 0.6, labels, random.choice(present, examples))
        score = lambda weights: f1_score(labels, predicted, average="macro", zero_division=0, sample_weight=weights)
        value = score(numpy.ones(examples))
        cases.append(
            {
                "classes": classes,
                "labels": labels.tolist(),
                "predicted": predicted.tolist(),
                "estimate": float(value),
                "values": (value + examples * derivatives(score, examples)).tolist(),
            }
        )
    return cases


def derivatives(score, examples, step=1e-5):
    """Of a score by the weight of each example."""
    ones = numpy.ones(examples)
    return numpy.array([(score(ones + step * unit) - score(ones - step * unit)) / (2 * step) for unit in numpy.eye(examples)])


def linearised_metrics(random):
    """Others of scikit-learn's metrics, likewise."""
    cases = []
    for classes, examples in ((2, 30), (3, 45)):
        labels = numpy.concatenate([numpy.arange(classes), random.integers(0, classes, examples - classes)])
        # Two digits: some scores are equal.
        raw = random.gamma(1.0, 1.0, (examples, classes)) + 1.2 * numpy.eye(classes)[labels]
        probabilities = (raw / raw.sum(axis=1, keepdims=True)).round(2)
        probabilities[:, -1] = (1 - probabilities[:, :-1].sum(axis=1)).round(2)
        predicted = probabilities.argmax(axis=1)
        scores = probabilities[:, 1] if classes == 2 else probabilities
        several = {} if classes == 2 else {"multi_class": "ovr", "average": "macro"}
        for metric, score in (
            ("roc_auc", lambda weights: roc_auc_score(labels, scores, sample_weight=weights, **several)),
            ("matthews_correlation", lambda weights: matthews_corrcoef(labels, predicted, sample_weight=weights)),
            ("balanced_accuracy", lambda weights: balanced_accuracy_score(labels, predicted, sample_weight=weights)),
        ):
            value = score(numpy.ones(examples))
            cases.append(
                {
                    "metric": metric,
                    "labels": labels.tolist(),
                    "probabilities": probabilities.tolist(),
                    "estimate": float(value),
                    "values": (value + examples * derivatives(score, examples)).tolist(),
                }
            )
    return cases


def main():
    random = numpy.random.default_rng(20261124)
    goldens = {
        "made_with": {
            "python": platform.python_version(),
            "numpy": numpy.__version__,
            "scipy": scipy.__version__,
            "scikit-learn": sklearn.__version__,
            "statsmodels": statsmodels.__version__,
        },
        "accuracy": accuracies(random),
        "linearised_macro_f1": linearised_macro_f1s(random),
        "linearised": linearised_metrics(random),
    }
    Path(__file__).with_name("comparisons.json").write_text(json.dumps(goldens) + "\n")


if __name__ == "__main__":
    main()
