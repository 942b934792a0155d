"""Random changes of pictures, on whole batches [N,1,H,W] in 0…1. What may vary in a clinic, nothing else."""

import io
import math

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageDraw


def affine(count, rng, degrees, scale, shift, flip=True):
    """Random output → input maps [N,2,3] in grid_sample's coordinates. `scale` > 1 magnifies."""
    angle = torch.from_numpy(rng.uniform(-degrees, degrees, count)) * math.pi / 180
    low, high = np.log(scale[0]), np.log(scale[1])
    both = rng.uniform(low, high, count)
    sx = torch.from_numpy(np.exp(np.clip(both + rng.normal(0, 0.06, count), low, high)))
    sy = torch.from_numpy(np.exp(np.clip(both + rng.normal(0, 0.06, count), low, high)))
    mirror = torch.from_numpy(np.where(rng.random(count) < 0.5, -1.0, 1.0)) if flip else torch.ones(count)
    theta = torch.zeros(count, 2, 3)
    theta[:, 0, 0], theta[:, 0, 1] = mirror * angle.cos() / sx, -angle.sin() / sx
    theta[:, 1, 0], theta[:, 1, 1] = mirror * angle.sin() / sy, angle.cos() / sy
    theta[:, :, 2] = torch.from_numpy(rng.uniform(-2 * shift, 2 * shift, (count, 2)))
    return theta


def warp(x, theta, size, padding="zeros"):
    grid = F.affine_grid(theta.float(), (len(x), 1, size, size), align_corners=False)
    return F.grid_sample(x, grid, mode="bilinear", padding_mode=padding, align_corners=False)


def some(count, rng, share):
    return torch.from_numpy(rng.random(count) < share)


def per_image(values):
    return torch.from_numpy(np.asarray(values, np.float32)).view(-1, 1, 1, 1)


def intensity(x, rng, strength=1.0):
    count = len(x)
    x = x.clamp_min(0) ** per_image(np.exp(rng.uniform(-0.5, 0.5, count) * strength))
    middle = x.mean((-2, -1), keepdim=True)
    x = (x - middle) * per_image(np.exp(rng.uniform(-0.6, 0.25, count) * strength)) + middle
    return (x + per_image(rng.uniform(-0.15, 0.15, count) * strength)).clamp(0, 1)


def blur(x):
    kernel = torch.tensor([1.0, 2.0, 1.0]) / 4
    x = F.conv2d(F.pad(x, (1, 1, 0, 0), mode="replicate"), kernel.view(1, 1, 1, 3))
    return F.conv2d(F.pad(x, (0, 0, 1, 1), mode="replicate"), kernel.view(1, 1, 3, 1))


def sharpness(x, rng):
    """Between blurred and over-sharpened, so that neither can carry a label."""
    amount = rng.uniform(-1, 1.2, len(x)) * (rng.random(len(x)) < 0.5)
    return (x + per_image(amount) * (x - blur(x))).clamp(0, 1)


def low_resolution(x, rng, share, lowest):
    """Shrinks some pictures and brings them back: poor scanners, thumbnails, photographed screens."""
    size = x.shape[-1]
    out = x.clone()
    for i in np.flatnonzero(rng.random(len(x)) < share):
        small = int(rng.integers(lowest, int(size * 1.4)))
        shrunk = F.interpolate(x[i:i + 1], size=(small, small), mode="bilinear", antialias=True)
        out[i:i + 1] = F.interpolate(shrunk, size=(size, size), mode="bilinear", antialias=True)
    return out


def jpeg(x, rng, share, worst=25):
    out = x.clone()
    for i in np.flatnonzero(rng.random(len(x)) < share):
        handle = io.BytesIO()
        Image.fromarray((x[i, 0].numpy() * 255).astype(np.uint8)).save(handle, "JPEG", quality=int(rng.integers(worst, 92)))
        out[i, 0] = torch.from_numpy(np.asarray(Image.open(handle), np.float32) / 255)
    return out


def noise(x, rng, share, most=0.05):
    sigma = per_image(rng.uniform(0, most, len(x)) * (rng.random(len(x)) < share))
    return (x + sigma * torch.from_numpy(rng.standard_normal(tuple(x.shape), np.float32))).clamp(0, 1)


def borders(x, rng, share, most=0.15):
    """Black bars on one or more sides, as digitised films have them. Returns the picture and what is left of it."""
    left = torch.ones_like(x)
    size = x.shape[-1]
    for i in np.flatnonzero(rng.random(len(x)) < share):
        a, b, c, d = (rng.uniform(0, most, 4) * (rng.random(4) < 0.5) * size).astype(int)
        left[i, :, :a], left[i, :, size - b:], left[i, :, :, :c], left[i, :, :, size - d:] = 0, 0, 0, 0
    return x * left, left


def markers(x, rng, share):
    """Letters such as radiographers put beside the patient."""
    size = x.shape[-1]
    out = x.clone()
    for i in np.flatnonzero(rng.random(len(x)) < share):
        page = Image.new("L", (28, 12))
        text = str(rng.choice(["R", "L", "AP", "PA", "R 12", "L SUP", "PORT"]))
        ImageDraw.Draw(page).text((1, 0), text, fill=255)
        height = int(rng.integers(8, 22))
        stamp = torch.from_numpy(np.asarray(page.resize((height * 28 // 12, height)), np.float32) / 255)
        top = int(rng.choice([rng.integers(0, size // 5), rng.integers(size * 7 // 10, size - height)]))
        edge = int(rng.choice([rng.integers(0, 12), rng.integers(size - 62, size - stamp.shape[1])]))
        patch = out[i, 0, top:top + height, edge:edge + stamp.shape[1]]
        patch.copy_(torch.maximum(patch, stamp * float(rng.uniform(0.6, 1))))
    return out


def erase_corners(x, rng, share):
    """Hides corners: letters and plates sit there, and no lung does."""
    size = x.shape[-1]
    out = x.clone()
    for i in np.flatnonzero(rng.random(len(x)) < share):
        height, width = rng.integers(size // 12, size // 4, 2)
        ys = slice(0, height) if rng.random() < 0.5 else slice(size - height, size)
        xs = slice(0, width) if rng.random() < 0.5 else slice(size - width, size)
        out[i, :, ys, xs] = float(rng.choice([0.0, float(x[i].mean()), rng.random()]))
    return out
