"""Reads the test part in PyTorch and writes what the command line program writes: a CSV and mask PNGs.

An implementation of the same pipeline that shares nothing with the application.
"""

import csv
import hashlib
import json
import time

import numpy as np
import torch
from PIL import Image

from calibration import probability
from checkpoints import load
from crops import outline
from data import pick, pictures, read_grey, resample, standardise
from lung_box import box_of, lungs_of

COLUMNS = ("file", "sha256", "width", "height", "intake", "model", "model_sha256", "finding", "probability",
           "operating_point", "positive", "runtime", "ms")


class Reader:
    """The whole pipeline with the networks and settings of one output folder."""

    def __init__(self, out):
        self.lungs, self.net = load(out, "cxr-lungs", fold=True), load(out, "cxr-pneumonia", fold=True)
        manifests = {name: json.loads((out / name / "manifest.json").read_text()) for name in ("cxr-lungs", "cxr-pneumonia")}
        self.manifest = manifests["cxr-pneumonia"]
        self.least_frontal = manifests["cxr-lungs"]["view"]["minFrontalProbability"]
        self.classes = manifests["cxr-lungs"]["view"]["classes"]

    def read(self, grey):
        """A dictionary of everything that the pipeline computes on the way; `refused` is None or a reason."""
        height, width = grey.shape
        mask, view = outline(self.lungs, grey)
        lungs = lungs_of(mask)
        result = {"width": width, "height": height, "view": dict(zip(self.classes, map(float, view))), "mask": mask, "lungs": lungs}
        box = box_of(lungs, width, height)
        if view[0] < self.least_frontal:
            return {**result, "refused": "view." + self.classes[int(1 + view[1:].argmax())]}
        if box is None:
            return {**result, "refused": "lungs.not-found"}
        with torch.no_grad():
            logits, activation = self.net(torch.from_numpy(standardise(resample(grey, box)))[None, None])
        finding = self.manifest["findings"][0]
        fit = finding["calibration"]
        p = float(probability(float(logits), (fit["slope"], fit["intercept"])))
        points = {point["name"]: point["threshold"] for point in finding["operatingPoints"]}
        return {**result, "refused": None, "box": box, "logit": float(logits), "probability": p, "activation": activation[0].numpy(),
                "positive": {name: p >= threshold for name, threshold in points.items()}}


def predict(data_root, out, csv_path, masks):
    reader = Reader(out)
    with open(csv_path, "w", newline="") as handle:
        table = csv.DictWriter(handle, COLUMNS)
        table.writeheader()
        for picture in pick(pictures(data_root), "test"):
            start = time.time()
            grey = read_grey(picture.path)
            found = reader.read(grey)
            row = {
                "file": picture.path, "sha256": hashlib.sha256(picture.path.read_bytes()).hexdigest(),
                "width": found["width"], "height": found["height"],
                "intake": f"refused:{found['refused']}" if found["refused"] else "ok", "runtime": "pytorch",
            }
            if not found["refused"]:
                row |= {
                    "model": "cxr-pneumonia", "model_sha256": reader.manifest["sha256"], "finding": "pneumonia",
                    "probability": f"{found['probability']:.6f}", "operating_point": "balanced",
                    "positive": str(found["positive"]["balanced"]).lower(), "ms": round(1000 * (time.time() - start)),
                }
                save_mask(found["lungs"], found["width"], found["height"], masks / f"{picture.file.rsplit('.', 1)[0]}.mask.png")
            table.writerow(row)


def save_mask(lungs, width, height, path):
    """0 or 255 at the picture's own size; the grid's steps are smoothed by interpolation."""
    path.parent.mkdir(parents=True, exist_ok=True)
    full = Image.fromarray(lungs.astype(np.float32), "F").resize((width, height), Image.BILINEAR)
    Image.fromarray(np.where(np.asarray(full) >= 0.5, 255, 0).astype(np.uint8)).save(path)
