"""Platt scaling and the choice of thresholds, both on the validation part only."""

import numpy as np
from scipy.optimize import minimize


def probability(logits, platt):
    slope, intercept = platt
    return 1 / (1 + np.exp(-(slope * np.asarray(logits, float) + intercept)))


def fit_platt(logits, labels, weights):
    """Weighted maximum likelihood of slope and intercept."""
    logits, labels, weights = (np.asarray(a, float) for a in (logits, labels, weights))

    def loss(parameters):
        z = parameters[0] * logits + parameters[1]
        return np.sum(weights * (np.logaddexp(0, z) - labels * z)) / weights.sum()

    slope, intercept = minimize(loss, [1.0, 0.0], method="BFGS").x
    return float(slope), float(intercept)


def once_per_original(pictures):
    """The two renderings of one original share one vote."""
    names = [p.path.stem for p in pictures]
    counts = {name: names.count(name) for name in set(names)}
    return np.array([1 / counts[name] for name in names])


def rates(probabilities, labels, weights):
    """Candidate thresholds with the weighted sensitivity and specificity of each."""
    p, y, w = np.asarray(probabilities), np.asarray(labels, bool), np.asarray(weights)
    values = np.unique(p)
    cuts = (values[1:] + values[:-1]) / 2
    sensitivity = np.array([w[y & (p >= c)].sum() for c in cuts]) / w[y].sum()
    specificity = np.array([w[~y & (p < c)].sum() for c in cuts]) / w[~y].sum()
    return cuts, sensitivity, specificity


def balanced(probabilities, labels, weights):
    """Youden's index at its largest; the middle one where several thresholds share it."""
    cuts, sensitivity, specificity = rates(probabilities, labels, weights)
    youden = sensitivity + specificity
    best = cuts[youden >= youden.max() - 1e-12]
    return float(best[len(best) // 2])


def screening(probabilities, labels, weights, least=0.95):
    """The highest threshold that still finds `least` of the ill."""
    cuts, sensitivity, _ = rates(probabilities, labels, weights)
    return float(cuts[sensitivity >= least].max())
