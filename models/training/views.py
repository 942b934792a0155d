"""How well the view head tells frontal chest X-rays from the rest, and the probability below which it refuses."""

import numpy as np
import torch

from data import SETS, pick, pictures, standardise
from nets import VIEWS
from train_lungs import as_batch, negatives_for, wholes

# Tried from the highest down: the first that refuses few enough valid films is taken.
CANDIDATES = (0.5, 0.4, 0.3, 0.2, 0.15, 0.1, 0.05, 0.02, 0.01)
MOST_REFUSED = 0.005


def frontal(net, x):
    with torch.no_grad():
        return torch.cat([net.view(net.encode(standardise(part))[0]).softmax(1) for part in x.split(64)])[:, 0].numpy()


def probabilities(net, data_root, cache, part):
    """P(frontal) of the part's own films, set by set, and of everything made from them."""
    chosen = pick(pictures(data_root), part)
    arrays = wholes(chosen, cache, part)
    x = as_batch(arrays)
    quarter = {turn: frontal(net, torch.rot90(x, turn, (2, 3))) for turn in (1, 2, 3)}
    return {
        "valid": {s: frontal(net, x[[i for i, p in enumerate(chosen) if p.set == s]]) for s in SETS},
        "refuse": {
            "inverted": frontal(net, 1 - x),
            "rotated": np.concatenate(list(quarter.values())),
            "upside down": frontal(net, torch.flip(x, (2,))),
            "not-a-chest": frontal(net, as_batch(negatives_for(part, arrays, cache))),
        },
    }


def refused(p, threshold):
    return {"refused": int((p < threshold).sum()), "n": len(p), "share": float((p < threshold).mean())}


def view_check(net, data_root, cache):
    found = {part: probabilities(net, data_root, cache, part) for part in ("validation", "test")}
    valid = found["validation"]["valid"].values()
    fits = [t for t in CANDIDATES if all((p < t).mean() < MOST_REFUSED for p in valid)]
    threshold = fits[0] if fits else CANDIDATES[-1]
    return {
        "classes": list(VIEWS),
        "minFrontalProbability": threshold,
        **{part: {kind: {name: refused(p, threshold) for name, p in group.items()} for kind, group in groups.items()} for part, groups in found.items()},
    }
