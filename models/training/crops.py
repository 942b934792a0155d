"""Runs the lungs network over pictures and cuts out what the classifier will see."""

import numpy as np
import torch

from data import cached, read_grey, resample, standardise, to_bytes
from lung_box import box_of, lungs_of

# Crops for training keep some surroundings, so that the box can be jittered later.
CACHED_SIZE = 200
CACHED_MARGIN = 0.10


def outline(net, grey):
    """Mask logits on the grid and the four view probabilities."""
    with torch.no_grad():
        mask, view = net(torch.from_numpy(standardise(resample(grey)))[None, None])
    return mask[0, 0].numpy(), view[0].softmax(0).numpy()


def lung_box(net, grey):
    """The whole picture where no lungs are found: in training that is better than leaving it out."""
    height, width = grey.shape
    return box_of(lungs_of(outline(net, grey)[0]), width, height) or (0.0, 0.0, float(width), float(height))


def wide_crop(net, picture):
    """uint8 crop around the lung box, and the box inside it as centre and half size in -1…1."""
    grey = read_grey(picture.path)
    height, width = grey.shape
    x0, y0, x1, y1 = lung_box(net, grey)
    dx, dy = CACHED_MARGIN * (x1 - x0), CACHED_MARGIN * (y1 - y0)
    wide = max(0.0, x0 - dx), max(0.0, y0 - dy), min(float(width), x1 + dx), min(float(height), y1 + dy)
    spans = ((x0, x1, wide[0], wide[2]), (y0, y1, wide[1], wide[3]))
    place = [((a + b) - (low + high)) / (high - low) for a, b, low, high in spans]
    place += [(b - a) / (high - low) for a, b, low, high in spans]
    return to_bytes(resample(grey, wide, CACHED_SIZE)), np.float32(place)


def wide_crops(net, chosen, cache, name):
    """Arrays (crops, places), one row for each picture."""
    made = []

    def make():
        made.extend(wide_crop(net, p) for p in chosen)
        return np.stack([crop for crop, _ in made])

    crops = cached(cache / f"crops-{name}.npy", make)
    return crops, cached(cache / f"places-{name}.npy", lambda: np.stack([place for _, place in made]))


def exact_crop(net, grey):
    """The classifier's input exactly as the application makes it."""
    return standardise(resample(grey, lung_box(net, grey)))
