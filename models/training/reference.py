"""Prints every number of the pipeline for given pictures, computed in PyTorch and PIL.

/usr/bin/python3 models/training/reference.py --out DIR picture.jpg [more …]

DIR is the folder that train.py wrote: checkpoints are kept there, not in the repository.
"""

import argparse
import json
from pathlib import Path

from data import read_grey, resample
from predict import Reader


def numbers(reader, path):
    grey = read_grey(path)
    found = reader.read(grey)
    squashed = resample(grey)
    result = {
        "file": str(path), "width": found["width"], "height": found["height"],
        "mean": float(grey.mean()), "std": float(grey.std()),
        "squashed": {"mean": float(squashed.mean()), "std": float(squashed.std())},
        "view": found["view"],
        "mask": {"meanLogit": float(found["mask"].mean()), "pixels": int(found["lungs"].sum()), "outOf": found["lungs"].size},
        "refused": found["refused"],
    }
    if found["refused"]:
        return result
    crop, activation = resample(grey, found["box"]), found["activation"]
    weights = reader.net.classifier.weight.detach().numpy()[0]
    heat = (weights[:, None, None] * activation).sum(0)
    return result | {
        "box": list(found["box"]),
        "crop": {"mean": float(crop.mean()), "std": float(crop.std())},
        "logit": found["logit"], "probability": found["probability"], "positive": found["positive"],
        "activationMean": float(activation.mean()),
        "classActivation": [[round(float(v), 5) for v in row] for row in heat],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("files", type=Path, nargs="+")
    options = parser.parse_args()
    reader = Reader(options.out)
    print(json.dumps([numbers(reader, path) for path in options.files], indent=1))


if __name__ == "__main__":
    main()
