"""Reference vectors: inputs that any language can generate, outputs computed in double precision."""

import copy

import numpy as np
import torch

from data import SIZE

CASES = ({"seed": 1, "gain": 1}, {"seed": 2, "gain": 1}, {"seed": 3, "gain": 3})
SAMPLES = 64


def field(seed, height=SIZE, width=SIZE, gain=1):
    """Six random cosines and some noise from a linear congruential generator, standardised, float32."""
    state = seed & 0xFFFFFFFF

    def draw():
        nonlocal state
        state = (state * 1664525 + 1013904223) % 2**32
        return state / 2**32

    ys, xs = (np.arange(height) + 0.5)[:, None] / height, (np.arange(width) + 0.5)[None, :] / width
    value = np.zeros((height, width))
    for _ in range(6):
        amplitude, fx, fy = 0.3 + 0.7 * draw(), int(6 * draw()), int(6 * draw())
        value += amplitude * np.cos(2 * np.pi * (fx * xs + fy * ys) + 2 * np.pi * draw())
    value += np.array([0.5 * (draw() - 0.5) for _ in range(height * width)]).reshape(height, width)
    return ((value - value.mean()) / value.std() * gain).astype(np.float32)


def summary(tensor):
    flat = tensor.reshape(-1)
    count = flat.size
    spread = range(count) if count <= SAMPLES else [(2 * i + 1) * count // (2 * SAMPLES) for i in range(SAMPLES)]
    return {
        "shape": list(tensor.shape),
        "meanAbsolute": float(np.abs(flat).mean()),
        "samples": [[int(i), float(flat[i])] for i in spread],
    }


def golden(net, names, sha256, constants=None):
    """`net` must be in evaluation mode; `constants` are outputs that do not depend on the input."""
    exact = copy.deepcopy(net).double()
    cases = []
    for case in CASES:
        x = torch.from_numpy(field(**case)).double()[None, None]
        with torch.no_grad():
            outputs = dict(zip(names, (o.numpy() for o in exact(x))))
        outputs.update(constants or {})
        cases.append({
            "input": {"generator": "field", **case},
            "outputs": {name: summary(value) for name, value in outputs.items()},
        })
    return {"format": 1, "modelSha256": sha256, "tolerance": {"absolute": 1e-3, "relative": 1e-3}, "cases": cases}
