"""Figures with intervals. Everything that is printed anywhere is computed here."""

import math

import numpy as np
from scipy.stats import rankdata

RESAMPLES = 2000


def auc(scores, labels):
    labels = np.asarray(labels, bool)
    positives, negatives = labels.sum(), (~labels).sum()
    if positives == 0 or negatives == 0:
        return math.nan
    return float((rankdata(scores)[labels].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def over_patients(statistic, patients, seed=7):
    """95 % percentile interval: patients are drawn with replacement, each with all of their pictures."""
    groups = {}
    for row, patient in enumerate(patients):
        groups.setdefault(patient, []).append(row)
    groups = [np.array(rows) for rows in groups.values()]
    rng = np.random.default_rng(seed)
    drawn = [statistic(np.concatenate([groups[i] for i in rng.integers(0, len(groups), len(groups))])) for _ in range(RESAMPLES)]
    drawn = [d for d in drawn if not math.isnan(d)]
    return [float(q) for q in np.percentile(drawn, [2.5, 97.5])] if drawn else [math.nan, math.nan]


def wilson(hits, n):
    """Share with its 95 % interval; treats pictures as independent."""
    if n == 0:
        return {"value": 0.0, "low": 0.0, "high": 1.0, "n": 0}
    z, p = 1.959964, hits / n
    middle, spread = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    # At the ends the interval touches 0 or 1; rounding errors must not push it past the value.
    return {"value": p, "low": min(p, max(0.0, (middle - spread) / scale)), "high": max(p, min(1.0, (middle + spread) / scale)), "n": int(n)}


def at_threshold(probabilities, labels, threshold):
    positive, labels = np.asarray(probabilities) >= threshold, np.asarray(labels, bool)
    return {
        "sensitivity": wilson(int((positive & labels).sum()), int(labels.sum())),
        "specificity": wilson(int((~positive & ~labels).sum()), int((~labels).sum())),
    }


def calibration_error(probabilities, labels, weights=None, bins=10):
    """Expected calibration error over ten bins of equal width."""
    p, y = np.asarray(probabilities, float), np.asarray(labels, float)
    w = np.ones(len(p)) if weights is None else np.asarray(weights, float)
    rows = np.minimum((p * bins).astype(int), bins - 1)
    gaps = [abs(np.sum(w[rows == b] * (p[rows == b] - y[rows == b]))) for b in range(bins)]
    return float(sum(gaps) / w.sum())


def dice(predicted, truth, known):
    predicted, truth = predicted & known, truth & known
    total = predicted.sum() + truth.sum()
    return 1.0 if total == 0 else float(2 * (predicted & truth).sum() / total)
