"""Writes metric_goldens.json beside this file: metrics of classifiers from scikit-learn, DeLong's variance by its definition in numpy, and clustered
standard errors from statsmodels.

Run in an environment made from requirements.txt:  python make_metric_goldens.py
"""

import json
import platform
from pathlib import Path

import numpy
import scipy
import sklearn
import statsmodels.api
from scipy.stats import norm, t
from sklearn.metrics import balanced_accuracy_score, brier_score_loss, f1_score, matthews_corrcoef, roc_auc_score


def predictions(random, n, classes, skew):
    labels = random.choice(classes, size=n, p=numpy.array([skew] + [(1 - skew) / (classes - 1)] * (classes - 1)))
    logits = random.normal(size=(n, classes)).round(1)
    logits[numpy.arange(n), labels] += 1.2
    probabilities = numpy.exp(logits)
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    return labels, probabilities


def kernel(a, b):
    return (a[:, None] > b[None, :]) + 0.5 * (a[:, None] == b[None, :])


def delong(labels, probabilities, level):
    """By the definition: every pair compared. Components of several classes are added up example by example."""
    n, classes = probabilities.shape
    areas, influence = [], numpy.zeros(n)
    used = [1] if classes == 2 else [c for c in range(classes) if 0 < (labels == c).sum() < n]
    for c in used:
        positive = labels == c
        pairs = kernel(probabilities[positive, c], probabilities[~positive, c])
        area = pairs.mean()
        areas.append(area)
        m, k = pairs.shape
        influence[positive] += (pairs.mean(axis=1) - area) / numpy.sqrt(m * (m - 1)) / len(used)
        influence[~positive] += (pairs.mean(axis=0) - area) / numpy.sqrt(k * (k - 1)) / len(used)
    if classes == 2:
        variance = pairs.mean(axis=1).var(ddof=1) / m + pairs.mean(axis=0).var(ddof=1) / k
        assert abs(variance - (influence**2).sum()) < 1e-12
    estimate = float(numpy.mean(areas))
    half = float(norm.isf((1 - level) / 2) * numpy.sqrt((influence**2).sum()))
    return estimate, max(0.0, estimate - half), min(1.0, estimate + half)


def calibration(labels, probabilities, bins):
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    edges = numpy.linspace(0, 1, bins + 1)
    place = numpy.clip(numpy.digitize(confidence, edges, right=True) - 1, 0, bins - 1)
    return float(sum(abs(confidence[place == b].mean() - right[place == b].mean()) * (place == b).mean() for b in range(bins) if (place == b).any()))


def classifiers(random):
    cases = []
    for n, classes, skew in ((60, 2, 0.5), (200, 2, 0.9), (90, 3, 0.4), (150, 5, 0.6)):
        labels, probabilities = predictions(random, n, classes, skew)
        predicted = probabilities.argmax(axis=1)
        estimate, lower, upper = delong(labels, probabilities, 0.95)
        scores = probabilities[:, 1] if classes == 2 else probabilities
        assert abs(estimate - roc_auc_score(labels, scores, multi_class="ovr", average="macro")) < 1e-12
        matrix = numpy.zeros((classes, classes), dtype=int)
        numpy.add.at(matrix, (labels, predicted), 1)
        cases.append(
            {
                "labels": labels.tolist(),
                "probabilities": probabilities.tolist(),
                "matrix": matrix.tolist(),
                "micro_f1": float(f1_score(labels, predicted, average="micro")),
                "matthews_correlation": float(matthews_corrcoef(labels, predicted)),
                "balanced_accuracy": float(balanced_accuracy_score(labels, predicted)),
                "brier": float(brier_score_loss(labels, probabilities, labels=list(range(classes)), scale_by_half=False)),
                "calibration_error": calibration(labels, probabilities, 15),
                "roc_auc": {"estimate": estimate, "lower": lower, "upper": upper},
            }
        )
    return cases


def clusters(random):
    cases = []
    for groups, size, level in ((2, 5, 0.95), (12, 8, 0.95), (40, 3, 0.99)):
        place = numpy.repeat(numpy.arange(groups), random.integers(1, size + 1, size=groups))
        values = (random.random(len(place)) + 0.4 * random.normal(size=groups)[place] > 0.4).astype(float)
        fit = statsmodels.api.OLS(values, numpy.ones(len(values))).fit()
        robust = fit.get_robustcov_results("cluster", groups=place, use_t=True, use_correction=False)
        error = float(robust.bse[0]) * (groups / (groups - 1)) ** 0.5
        mean = float(values.mean())
        half = float(t.isf((1 - level) / 2, groups - 1)) * error
        cases.append({"values": values.tolist(), "groups": place.tolist(), "level": level, "estimate": mean, "lower": mean - half, "upper": mean + half})
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
        "classifiers": classifiers(random),
        "clusters": clusters(random),
    }
    Path(__file__).with_name("metric_goldens.json").write_text(json.dumps(goldens, separators=(",", ":")) + "\n")


main()
