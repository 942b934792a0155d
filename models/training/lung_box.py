"""From mask logits to the rectangle that the classifier looks at. The application repeats this exactly."""

import numpy as np
from scipy import ndimage

MIN_COMPONENT_SHARE = 0.1
MARGIN_SHARE = 0.06


def lungs_of(logits):
    """Boolean mask on the network's grid; small islands (4-connected) are dropped."""
    labels, count = ndimage.label(logits > 0)
    if count == 0:
        return np.zeros(logits.shape, bool)
    areas = np.bincount(labels.ravel())[1:]
    kept = 1 + np.flatnonzero(areas >= MIN_COMPONENT_SHARE * areas.max())
    return np.isin(labels, kept)


def box_of(lungs, width, height, margin=MARGIN_SHARE):
    """x0, y0, x1, y1 in pixels of the full-size image, or None where no lungs were found."""
    if not lungs.any():
        return None
    ys, xs = np.flatnonzero(lungs.any(1)), np.flatnonzero(lungs.any(0))
    rows, columns = lungs.shape
    x0, x1 = xs[0] * width / columns, (xs[-1] + 1) * width / columns
    y0, y1 = ys[0] * height / rows, (ys[-1] + 1) * height / rows
    dx, dy = margin * (x1 - x0), margin * (y1 - y0)
    return max(0.0, x0 - dx), max(0.0, y0 - dy), min(float(width), x1 + dx), min(float(height), y1 + dy)
