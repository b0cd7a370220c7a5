"""Writes goldens.json beside this file: expected values for services/core/statistics from statsmodels, scikit-learn and scipy.

Run in an environment made from requirements.txt:  python make_goldens.py
"""

import json
import platform
from pathlib import Path

import numpy
import scipy
import sklearn
import statsmodels.api
from scipy.special import log_softmax, softmax
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, precision_recall_fscore_support
from statsmodels.stats.proportion import proportion_confint


def wilson():
    cases = []
    for trials in (1, 2, 5, 10, 37, 100, 872, 1821, 100_000):
        for successes in sorted({0, 1, trials // 3, trials // 2, trials - 1, trials}):
            for level in (0.5, 0.8, 0.9, 0.95, 0.99, 0.999):
                lower, upper = proportion_confint(successes, trials, alpha=1 - level, method="wilson")
                cases.append({"successes": successes, "trials": trials, "level": level, "lower": float(lower), "upper": float(upper)})
    return cases


def classification(random):
    cases = []
    for classes, examples, absent in ((2, 1, []), (2, 20, []), (2, 300, []), (3, 50, []), (5, 200, [3]), (7, 12, [0, 6]), (20, 500, [])):
        present = [c for c in range(classes) if c not in absent]
        labels = random.choice(present, size=examples)
        predictions = numpy.where(random.random(examples) < 0.6, labels, random.choice(present, size=examples))
        precision, recall, f1, support = precision_recall_fscore_support(
            labels, predictions, labels=list(range(classes)), average=None, zero_division=0
        )
        cases.append(
            {
                "classes": classes,
                "labels": labels.tolist(),
                "predictions": predictions.tolist(),
                "matrix": confusion_matrix(labels, predictions, labels=list(range(classes))).tolist(),
                "accuracy": float(accuracy_score(labels, predictions)),
                "macro_f1": float(f1_score(labels, predictions, average="macro", zero_division=0)),
                "precision": precision.tolist(),
                "recall": recall.tolist(),
                "f1": f1.tolist(),
                "support": support.tolist(),
            }
        )
    return cases


def ratios(random):
    """The sandwich variance of a weighted regression on a constant, by statsmodels, with every example a cluster."""
    cases = []
    for examples, longest in ((2, 1), (3, 9), (40, 1), (40, 30), (500, 200)):
        counts = random.integers(1, longest + 1, examples)
        sums = numpy.array([random.gamma(2.0, 1.5, count).sum() for count in counts])
        fit = statsmodels.api.WLS(sums / counts, numpy.ones(examples), weights=counts).fit()
        clustered = fit.get_robustcov_results("cluster", groups=numpy.arange(examples), use_t=True, df_correction=True)
        for level in (0.8, 0.95, 0.999):
            lower, upper = clustered.conf_int(alpha=1 - level)[0]
            cases.append({"examples": [{"sum": float(s), "count": int(c)} for s, c in zip(sums, counts)], "level": level,
                          "estimate": float(fit.params[0]), "lower": float(lower), "upper": float(upper)})
    return cases


def log_losses(random):
    cases = []
    for classes, examples, scale in ((2, 1, 1), (2, 40, 3), (3, 25, 30), (10, 30, 300)):
        logits = random.normal(0, scale, (examples, classes))
        labels = random.integers(0, classes, examples)
        cases.append(
            {
                "labels": labels.tolist(),
                "logits": logits.tolist(),
                "log_loss": float(-log_softmax(logits, axis=1)[numpy.arange(examples), labels].mean()),
                "probabilities": softmax(logits, axis=1).tolist(),
            }
        )
    return cases


def main():
    random = numpy.random.default_rng(20240501)
    goldens = {
        "made_with": {
            "python": platform.python_version(),
            "numpy": numpy.__version__,
            "scipy": scipy.__version__,
            "scikit-learn": sklearn.__version__,
            "statsmodels": statsmodels.__version__,
        },
        "wilson": wilson(),
        "classification": classification(random),
        "log_loss": log_losses(random),
        "ratio": ratios(random),
    }
    Path(__file__).with_name("goldens.json").write_text(json.dumps(goldens, indent=1) + "\n")


main()
