"""Measures the test part from what a program wrote: probabilities in a CSV, lung masks as PNG files.

evaluate.py --data ../shared/data --csv out.csv --masks DIR [--json FILE] [--source TEXT]
"""

import argparse
import csv
import json
from collections import Counter
from pathlib import Path

import numpy as np
from PIL import Image

from data import IGNORE, SETS, pick, pictures
from json_file import write_json
from metrics import RESAMPLES, at_threshold, auc, calibration_error, dice, over_patients, wilson


def key_of(file):
    return "/".join(Path(file).parts[-3:])


def read_csv(path):
    """The pneumonia row of every file, or the row that says why there is none."""
    found = {}
    with open(path, newline="") as handle:
        for row in csv.DictReader(handle):
            if row["intake"].startswith("refused:") or row["finding"] == "pneumonia":
                found[key_of(row["file"])] = row
    return found


def mask_png(masks, picture):
    path = masks / f"{picture.file.rsplit('.', 1)[0]}.mask.png"
    return np.asarray(Image.open(path).convert("L")) > 127 if path.exists() else None


def shape_of(lungs):
    """Width over height of the rectangle around the lungs, and its share of the picture."""
    ys, xs = np.flatnonzero(lungs.any(1)), np.flatnonzero(lungs.any(0))
    height, width = ys[-1] - ys[0] + 1, xs[-1] - xs[0] + 1
    return width / height, width * height / lungs.size


def either_way(scores, labels):
    """AUC of a feature that may point in either direction."""
    value = auc(scores, labels)
    return max(value, 1 - value)


def classification(chosen, found, masks):
    missing = [p.file for p in chosen if p.file not in found]
    present = [p for p in chosen if p.file in found]
    read = [p for p in present if found[p.file]["probability"]]
    refused = [found[p.file]["intake"] for p in present if not found[p.file]["probability"]]
    p = np.array([float(found[x.file]["probability"]) for x in read])
    positive = np.array([found[x.file]["positive"].lower() in ("true", "1", "yes") for x in read])
    labels, patients = np.array([x.label for x in read]), [x.patient for x in read]
    shapes = [(x, lungs) for x in read if (lungs := mask_png(masks, x)) is not None and lungs.any()]
    measures = np.array([(*shape_of(lungs), lungs.shape[1] / lungs.shape[0]) for _, lungs in shapes]).reshape(-1, 3)
    truth = np.array([x.label for x, _ in shapes])
    return {
        "images": len(chosen), "patients": len({x.patient for x in chosen}), "positives": sum(x.label for x in chosen),
        "missing": len(missing), "refused": wilson(len(refused), len(present)), "reasons": dict(Counter(refused)),
        "read": len(read), "readPatients": len(set(patients)),
        "auc": {"value": auc(p, labels), "interval": over_patients(lambda rows: auc(p[rows], labels[rows]), patients)},
        **at_threshold(positive.astype(float), labels, 0.5),
        "calibrationError": {"value": calibration_error(p, labels), "interval": over_patients(lambda rows: calibration_error(p[rows], labels[rows]), patients)},
        "trivial": {
            "images": len(shapes),
            "boxAspect": either_way(measures[:, 0], truth),
            "boxShare": either_way(measures[:, 1], truth),
            "pictureAspect": either_way(measures[:, 2], truth),
        },
    }


def outlines(chosen, masks):
    values, patients, absent = [], [], 0
    for picture in chosen:
        truth, predicted = np.asarray(Image.open(picture.mask).convert("L")), mask_png(masks, picture)
        if predicted is None:
            absent += 1
            continue
        if predicted.shape != truth.shape:
            raise ValueError(f"{picture.file}: mask is {predicted.shape}, truth is {truth.shape}")
        values.append(dice(predicted, truth == 255, truth != IGNORE))
        patients.append(picture.patient)
    values = np.array(values)
    return {
        "images": len(values), "patients": len(set(patients)), "absent": absent,
        "dice": {"value": float(values.mean()), "interval": over_patients(lambda rows: float(values[rows].mean()), patients)},
        "median": float(np.median(values)), "lowest": float(values.min()), "below90": int((values < 0.9).sum()),
    }


def report(data_root, csv_path, masks, source):
    test, found, masks = pick(pictures(data_root), "test"), read_csv(csv_path), Path(masks)
    hashes = sorted({row["model_sha256"] for row in found.values() if row["model_sha256"]})
    return {
        "source": source, "part": "test", "resamples": RESAMPLES, "modelSha256": hashes,
        "operatingPoint": sorted({row["operating_point"] for row in found.values() if row["operating_point"]}),
        "runtime": sorted({row["runtime"] for row in found.values() if row["runtime"]}),
        "sets": {name: classification([p for p in test if p.set == name], found, masks) for name in SETS},
        # Standing (PA) and lying (AP) patients differ in how ill they are, so the view alone tells much about the label.
        "adultViews": {view: classification([p for p in test if p.set == "adult288" and p.view == view], found, masks) for view in ("PA", "AP")},
        "lungs": outlines([p for p in test if p.mask], masks),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--csv", type=Path, required=True)
    parser.add_argument("--masks", type=Path, required=True)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--source", default="fieldray read (command line)")
    options = parser.parse_args()
    result = report(options.data, options.csv, options.masks, options.source)
    if options.json:
        write_json(options.json, result)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
