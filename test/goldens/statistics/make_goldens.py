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
from scipy.optimize import brentq, minimize_scalar
from scipy.special import log_softmax, softmax, xlogy
from scipy.stats import binom, norm
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, precision_recall_fscore_support
from statsmodels.stats.contingency_tables import cochrans_q, mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint, proportion_effectsize


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


def binomials():
    """Jeffreys' ends at none and all are 0 and 1 with us, as Brown, Cai and DasGupta advise: those bounds are left out."""
    cases = []
    for ours, theirs in (("clopper-pearson", "beta"), ("agresti-coull", "agresti_coull"), ("jeffreys", "jeffreys")):
        for trials in (1, 2, 7, 40, 872, 100_000):
            for successes in sorted({0, 1, trials // 3, trials - 1, trials}):
                for level in (0.8, 0.95, 0.999):
                    lower, upper = proportion_confint(successes, trials, alpha=1 - level, method=theirs)
                    case = {"method": ours, "successes": successes, "trials": trials, "level": level, "lower": float(lower), "upper": float(upper)}
                    if ours == "jeffreys" and successes == 0:
                        case["lower"] = 0.0
                    if ours == "jeffreys" and successes == trials:
                        case["upper"] = 1.0
                    cases.append(case)
    return cases


PAIRS = [(1, 1, 7, 12), (40, 3, 12, 45), (80, 9, 2, 9), (700, 60, 41, 71), (0, 5, 5, 0), (3, 0, 0, 7), (9000, 210, 150, 640), (0, 0, 8, 2)]


def mcnemar_mid_p(first, second):
    """Fagerland, Lydersen and Laake, 2013: 1 less half of the observed outcome's probability where as many are on either side, as R's contingencytables."""
    n, fewer = first + second, min(first, second)
    if n == 0:
        return 1.0
    observed = binom.pmf(fewer, n, 0.5)
    return 1 - observed / 2 if first == second else 2 * binom.cdf(fewer, n, 0.5) - observed


def mcnemars():
    """The exact p from statsmodels; the mid-p from scipy's binomial distribution."""
    cases = []
    for _, first, second, _ in (*PAIRS, (0, 1, 0, 0), (0, 0, 40, 0), (0, 4900, 5100, 0)):
        p = mcnemar([[0, first], [second, 0]], exact=True).pvalue if first + second else 1.0
        cases.append({"onlyFirst": first, "onlySecond": second, "pValue": float(p), "midP": float(mcnemar_mid_p(first, second))})
    return cases


def tango_score(counts, delta):
    """The score of a difference, with the nuisance parameter found by maximising the likelihood numerically."""
    _, first, second, _ = counts
    n = sum(counts)

    def log_likelihood(x):
        # x: probability that only the second is right; x + delta that only the first is
        return xlogy(first, x + delta) + xlogy(second, x) + xlogy(n - first - second, 1 - 2 * x - delta)

    low, high = max(0.0, -delta), (1 - delta) / 2
    found = minimize_scalar(lambda x: -log_likelihood(x), bounds=(low, high), method="bounded", options={"xatol": 1e-14})
    x = min(((-log_likelihood(x), x) for x in (low, found.x, high)), key=lambda pair: pair[0])[1]
    gap = first - second - n * delta
    variance = n * (2 * x + delta * (1 - delta))
    return gap / numpy.sqrt(variance) if variance > 0 else numpy.sign(gap) * 1e300


def tango(counts, level):
    """The score test turned round."""
    _, first, second, _ = counts
    n = sum(counts)
    z = norm.isf((1 - level) / 2)
    estimate = (first - second) / n
    lower = -1.0 if second == n else brentq(lambda d: tango_score(counts, d) - z, -1 + 1e-12, estimate, xtol=1e-13)
    upper = 1.0 if first == n else brentq(lambda d: tango_score(counts, d) + z, estimate, 1 - 1e-12, xtol=1e-13)
    return lower, upper


def newcombe(counts, level):
    both, first, second, neither = counts
    n = sum(counts)
    p, q = (both + first) / n, (both + second) / n
    (l1, u1), (l2, u2) = (proportion_confint(k, n, alpha=1 - level, method="wilson") for k in (both + first, both + second))
    margins = (both + first) * (second + neither) * (both + second) * (first + neither)
    product = both * neither - first * second
    phi = 0.0 if margins == 0 else (max(product - n / 2, 0) if product > 0 else product) / numpy.sqrt(margins)
    below = numpy.sqrt((p - l1) ** 2 - 2 * phi * (p - l1) * (u2 - q) + (u2 - q) ** 2)
    above = numpy.sqrt((u1 - p) ** 2 - 2 * phi * (u1 - p) * (q - l2) + (q - l2) ** 2)
    return p - q - below, p - q + above


def paired_differences():
    cases = []
    for counts in PAIRS:
        for level in (0.8, 0.95, 0.99):
            for method, function in (("tango", tango), ("newcombe", newcombe)):
                lower, upper = function(counts, level)
                names = dict(zip(("both", "onlyFirst", "onlySecond", "neither"), counts))
                cases.append({"counts": names, "level": level, "method": method, "lower": float(lower), "upper": float(upper)})
    return cases


def multiple_tests(random):
    cases = []
    for p_values in ([0.04], [0.01, 0.04, 0.03, 0.005], [0.5, 0.5, 0.5], [0.0, 1.0, 1e-12], random.random(40).tolist(), (random.random(200) ** 4).tolist()):
        adjusted = {ours: multipletests(p_values, method=theirs)[1].tolist() for ours, theirs in (("holm", "holm"), ("benjamini-hochberg", "fdr_bh"))}
        cases.append({"pValues": p_values, "adjusted": adjusted})
    return cases


def cochran_qs(random):
    cases = []
    for examples, classifiers in ((5, 2), (12, 3), (100, 4), (400, 10)):
        ability = random.normal(0, 1.5, (examples, 1)) + numpy.linspace(0, 0.8, classifiers)
        outcomes = (random.random((examples, classifiers)) < 1 / (1 + numpy.exp(-ability))).astype(int)
        found = cochrans_q(outcomes)
        cases.append({"outcomes": outcomes.tolist(), "q": float(found.statistic), "pValue": float(found.pvalue)})
    return cases


def cohens_hs():
    """Statsmodels' h; the standard error by the multinomial covariance and the derivatives of the angles, taken numerically."""
    cases = []
    for counts in ((40, 3, 12, 45), (80, 9, 2, 9), (700, 60, 41, 71), (9000, 210, 150, 640)):
        n = sum(counts)
        cells = numpy.array(counts) / n
        proportions = numpy.array([[1, 1, 0, 0], [1, 0, 1, 0]])
        angle = lambda p: 2 * numpy.arcsin(numpy.sqrt(p))
        p, q = proportions @ cells
        slope = lambda x: (angle(x + 1e-6) - angle(x - 1e-6)) / 2e-6
        gradient = slope(p) * proportions[0] - slope(q) * proportions[1]
        error = numpy.sqrt(gradient @ (numpy.diag(cells) - numpy.outer(cells, cells)) @ gradient / n)
        h = proportion_effectsize(p, q)
        z = norm.isf(0.025)
        names = dict(zip(("both", "onlyFirst", "onlySecond", "neither"), counts))
        cases.append({"counts": names, "level": 0.95, "estimate": float(h), "lower": float(h - z * error), "upper": float(h + z * error)})
    return cases


def mcnemar_power(n, disagreement, difference, alpha):
    """Of the exact test, summed over all outcomes."""
    share = (disagreement + difference) / (2 * disagreement)
    total = 0.0
    for k in range(n + 1):
        weight = binom.pmf(k, n, disagreement)
        if weight < 1e-12:
            continue
        outcomes = numpy.arange(k + 1)
        fewer = numpy.minimum(outcomes, k - outcomes)
        p = numpy.where(2 * outcomes == k, 1, 2 * binom.cdf(fewer, k, 0.5))
        total += weight * binom.pmf(outcomes, k, share)[p <= alpha].sum()
    return total


def powers():
    cases = []
    for disagreement, difference, alpha, power in ((0.1, 0.04, 0.05, 0.8), (0.2, 0.05, 0.05, 0.9), (0.3, 0.1, 0.01, 0.8), (0.05, 0.02, 0.05, 0.8), (0.4, 0.08, 0.05, 0.5)):
        z = norm.isf(alpha / 2), norm.ppf(power)
        asymptotic = ((z[0] * disagreement**0.5 + z[1] * (disagreement - difference**2) ** 0.5) / difference) ** 2
        # Corrected for continuity, as Fleiss, Levin and Paik, 2003, have it.
        n = int(numpy.ceil(asymptotic / 4 * (1 + (1 + 4 / (asymptotic * difference)) ** 0.5) ** 2))
        reached = mcnemar_power(n, disagreement, difference, alpha)
        assert power <= reached < power + 0.03, (n, reached)
        cases.append({"disagreement": disagreement, "difference": difference, "alpha": alpha, "power": power, "examples": n, "reached": float(reached)})
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
        "binomial": binomials(),
        "mcnemar": mcnemars(),
        "paired_difference": paired_differences(),
        "multiple_testing": multiple_tests(random),
        "cochran_q": cochran_qs(random),
        "cohens_h": cohens_hs(),
        "power": powers(),
    }
    Path(__file__).with_name("goldens.json").write_text(json.dumps(goldens, indent=1) + "\n")


if __name__ == "__main__":
    main()
