"""Manifests, the patient-wise split, and reading of pictures as the application reads them."""

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

SIZE = 160
MIN_STD = 0.02
SETS = ("paediatric224", "paediatric288", "adult288")
IGNORE = 127


@dataclass(frozen=True)
class Picture:
    file: str  # relative to the folder cxr/, also the key that joins results with labels
    path: Path
    set: str
    label: int
    patient: str
    part: str
    mask: Path | None = None
    view: str = ""  # PA or AP, where the source says so


def part_of(patient):
    """A pure function of the patient, so that every set and both networks share one split."""
    bucket = int(hashlib.sha256(patient.encode()).hexdigest()[:8], 16) % 10
    return "train" if bucket < 7 else "validation" if bucket == 7 else "test"


def rows(path):
    with open(path, newline="") as handle:
        return list(csv.DictReader(handle))


def pictures(root):
    root = Path(root)
    folder = root / "lung-segmentation"
    masks = {r["image"].split("cxr/")[1]: folder / r["mask"] for r in rows(folder / "manifest.csv")}
    return [
        Picture(
            file=r["file"],
            path=root / "cxr" / r["file"],
            set=r["set"],
            label=int(r["label"] == "PNEUMONIA"),
            patient=r["patient"],
            part=part_of(r["patient"]),
            mask=masks.get(r["file"]),
            view=r["view"],
        )
        for r in rows(root / "cxr" / "manifest.csv")
    ]


def pick(all_pictures, part, sets=SETS):
    return [p for p in all_pictures if p.part == part and p.set in sets]


def read_grey(path):
    """float32, rows × columns, 0 black … 1 white; colour becomes ITU-R 601 luma."""
    return np.asarray(Image.open(path).convert("L"), np.float32) / 255


def resample(grey, box=None, size=SIZE):
    """Squashes a box (x0, y0, x1, y1 in pixels) to size × size with PIL's widened triangle filter."""
    return np.asarray(Image.fromarray(grey, "F").resize((size, size), Image.BILINEAR, box=box))


def standardise(x):
    """Works on one image or, over the last two axes, on a batch; numpy and torch alike."""
    if isinstance(x, np.ndarray):
        mean, std = x.mean((-2, -1), keepdims=True), x.std((-2, -1), keepdims=True)
        return (x - mean) / np.maximum(std, MIN_STD)
    mean, std = x.mean((-2, -1), keepdim=True), x.std((-2, -1), keepdim=True, unbiased=False)
    return (x - mean) / std.clamp_min(MIN_STD)


def to_bytes(grey):
    return np.round(np.clip(grey, 0, 1) * 255).astype(np.uint8)


def cached(path, make):
    """Arrays that take long to prepare are kept between runs, outside the repository."""
    path = Path(path)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, make())
    return np.load(path)
