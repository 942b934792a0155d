"""The same test pictures, made worse on purpose: does the answer hang on sharpness, exposure or framing?"""

import io

import numpy as np
from PIL import Image
from scipy import ndimage

from data import read_grey, to_bytes
from metrics import auc


def as_jpeg(grey, quality=30):
    handle = io.BytesIO()
    Image.fromarray(to_bytes(grey)).save(handle, "JPEG", quality=quality)
    return np.asarray(Image.open(handle), np.float32) / 255


def shrunk(grey, factor=3):
    height, width = grey.shape
    return np.asarray(Image.fromarray(grey, "F").resize((width // factor, height // factor), Image.BILINEAR))


def framed(grey, share=0.15):
    height, width = grey.shape
    return np.pad(grey, ((int(share * height),) * 2, (int(share * width),) * 2))


CHANGES = {
    "as they are": lambda grey: grey,
    "a third of the resolution": shrunk,
    "blurred (sigma 1.5 pixels)": lambda grey: ndimage.gaussian_filter(grey, 1.5),
    "JPEG quality 30": as_jpeg,
    "darker (gamma 1.6)": lambda grey: grey**1.6,
    "brighter (gamma 0.6)": lambda grey: grey**0.6,
    "turned by 7 degrees": lambda grey: ndimage.rotate(grey, 7, reshape=False, order=1).astype(np.float32),
    "black frame of 15 %": framed,
}


def robustness(chosen, probability_of):
    """AUC for each change, and the mean absolute change of the probability."""
    labels = [p.label for p in chosen]
    found = {name: np.array([probability_of(change(read_grey(p.path)).astype(np.float32)) for p in chosen]) for name, change in CHANGES.items()}
    plain = found["as they are"]
    return {name: {"n": len(chosen), "auc": auc(p, labels), "meanChange": float(np.abs(p - plain).mean())} for name, p in found.items()}
