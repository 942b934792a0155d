"""Trains the network that outlines the lungs and says whether the picture is a frontal chest X-ray."""

import time

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

import augment
from average import Average
from data import IGNORE, SIZE, cached, pick, pictures, read_grey, resample, standardise, to_bytes
from negatives import generate
from nets import VIEWS, LungsNet

FRONTAL, INVERTED, ROTATED, NOT_A_CHEST = range(len(VIEWS))
MASKED_PER_STEP = 12
VIEWS_PER_STEP = (8, 4, 5, 7)
STEPS_PER_EPOCH = 40
PEAK_RATE = 4e-3
NEGATIVES = {"train": 1920, "validation": 640, "test": 640}


def whole(picture):
    return to_bytes(resample(read_grey(picture.path)))


def wholes(chosen, cache, name):
    return cached(cache / f"whole-{name}.npy", lambda: np.stack([whole(p) for p in chosen]))


def mask_of(picture):
    """0 or 255 as the majority says; IGNORE where a tenth or more of the pixel is unknown."""
    full = np.asarray(Image.open(picture.mask).convert("L"))
    lung = resample((full == 255).astype(np.float32))
    unknown = resample((full == IGNORE).astype(np.float32))
    return np.where(unknown > 0.1, IGNORE, np.where(lung > 0.5, 255, 0)).astype(np.uint8)


def negatives_for(part, chests, cache):
    seed = {"train": 11, "validation": 12, "test": 13}[part]
    return cached(cache / f"negatives-{part}.npy", lambda: generate(NEGATIVES[part], chests, seed))


def turned(x, rng):
    """A quarter, half or three-quarter turn, or upside down."""
    out = x.clone()
    for i in range(len(x)):
        kind = int(rng.integers(0, 5))
        out[i] = torch.flip(x[i], (1,)) if kind > 3 else torch.rot90(x[i], kind if kind else 2, (1, 2))
    return out


def looks(x, rng):
    """Changes that leave every outline where it is."""
    x = augment.intensity(x, rng)
    x = augment.sharpness(x, rng)
    x = augment.low_resolution(x, rng, 0.2, 40)
    x = augment.markers(x, rng, 0.25)
    x = augment.noise(x, rng, 0.3)
    return augment.jpeg(x, rng, 0.2)


def moved(x, rng, mask=None):
    """Turns, shifts and scales a batch; half is padded with black, half with its own edge."""
    count, half = len(x), len(x) // 2
    theta = augment.affine(count, rng, 12, (0.75, 1.15), 0.07)
    still = torch.from_numpy(rng.random(count) < 0.2)
    theta[still] = torch.eye(2, 3)
    pads = ((slice(0, half), "zeros"), (slice(half, count), "border"))
    x = torch.cat([augment.warp(x[s], theta[s], SIZE, pad) for s, pad in pads])
    return (x, theta) if mask is None else (x, augment.warp(mask, theta, SIZE))


def segmentation_loss(logits, target, known):
    bce = F.binary_cross_entropy_with_logits(logits, target, reduction="none")
    bce = (bce * known).sum() / known.sum().clamp_min(1)
    p = logits.sigmoid() * known
    overlap, total = (p * target).sum((1, 2, 3)), p.sum((1, 2, 3)) + (target * known).sum((1, 2, 3))
    return bce + (1 - (2 * overlap + 1) / (total + 1)).mean()


class Sampler:
    """Draws the mixed batches of one training run."""

    def __init__(self, data_root, cache, seed):
        everything = pictures(data_root)
        train = pick(everything, "train")
        arrays = wholes(train, cache, "train")
        masked = [i for i, p in enumerate(train) if p.mask]
        self.masked = arrays[masked]
        self.masks = cached(cache / "masks-train.npy", lambda: np.stack([mask_of(train[i]) for i in masked]))
        self.by_set = {s: arrays[[i for i, p in enumerate(train) if p.set == s]] for s in ("paediatric224", "paediatric288", "adult288")}
        self.negatives = negatives_for("train", arrays, cache)
        self.rng = np.random.default_rng(seed)

    def draw(self, array, count):
        return array[self.rng.integers(0, len(array), count)]

    def chests(self, count):
        # Adults are rare in the data but not in clinics: they get half of the draws.
        names = self.rng.choice(["paediatric224", "paediatric288", "adult288"], count, p=[0.3, 0.2, 0.5])
        return as_batch(np.stack([self.draw(self.by_set[n], 1)[0] for n in names]))

    def outlined(self):
        rows = self.rng.integers(0, len(self.masked), MASKED_PER_STEP)
        masks = self.masks[rows]
        x, two = moved(as_batch(self.masked[rows]), self.rng, torch.cat([
            torch.from_numpy((masks == 255).astype(np.float32))[:, None],
            torch.from_numpy((masks == IGNORE).astype(np.float32))[:, None],
        ], 1))
        x, left = augment.borders(x, self.rng, 0.15)
        target = (two[:, :1] > 0.5).float() * left
        return looks(x, self.rng), target, (two[:, 1:] < 0.2).float()

    def views(self):
        frontal, inverted, rotated, other = VIEWS_PER_STEP
        x, _ = moved(self.chests(frontal + inverted + rotated), self.rng)
        x, _ = augment.borders(x, self.rng, 0.15)
        x = looks(x, self.rng)
        x[frontal:frontal + inverted] = 1 - x[frontal:frontal + inverted]
        x[frontal + inverted:] = turned(x[frontal + inverted:], self.rng)
        others = looks(as_batch(self.draw(self.negatives, other)), self.rng)
        labels = torch.tensor([FRONTAL] * frontal + [INVERTED] * inverted + [ROTATED] * rotated + [NOT_A_CHEST] * other)
        return torch.cat([x, others]), labels


def as_batch(array):
    return torch.from_numpy(np.asarray(array, np.float32) / 255).view(-1, 1, SIZE, SIZE)


def train_lungs(data_root, work, epochs, seed=1, log=print):
    """Returns the averaged network; its weights are also kept in work/checkpoints."""
    torch.manual_seed(seed)
    sampler = Sampler(data_root, work / "cache", seed)
    net = LungsNet()
    average = Average(net, 0.99)
    optimiser = torch.optim.AdamW(net.parameters(), PEAK_RATE, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, PEAK_RATE, epochs * STEPS_PER_EPOCH, pct_start=0.2)
    for epoch in range(epochs):
        net.train()
        start, sums = time.time(), np.zeros(3)
        for _ in range(STEPS_PER_EPOCH):
            x, target, known = sampler.outlined()
            others, labels = sampler.views()
            deep, skips = net.encode(standardise(torch.cat([x, others])))
            # The last negatives of the batch teach that there may be no lungs at all.
            rows = list(range(len(x))) + list(range(len(x) + len(others) - 2, len(x) + len(others)))
            logits = net.decode(deep[rows], [s[rows] for s in skips])
            outline = segmentation_loss(logits[:len(x)], target, known)
            empty = F.softplus(logits[len(x):]).mean()
            views = net.view(deep)
            labels = torch.cat([torch.full((len(x),), FRONTAL), labels])
            view = F.cross_entropy(views, labels, label_smoothing=0.02)
            loss = outline + 0.1 * empty + 0.5 * view
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
            optimiser.step()
            schedule.step()
            average.update(net)
            sums += [outline.item(), view.item(), (views.argmax(1) == labels).float().mean().item()]
        outline, view, right = sums / STEPS_PER_EPOCH
        log(f"lungs epoch {epoch + 1}/{epochs}: outline {outline:.4f} view {view:.4f} right {right:.3f} ({time.time() - start:.0f} s)")
    (work / "checkpoints").mkdir(parents=True, exist_ok=True)
    torch.save(average.net.state_dict(), work / "checkpoints" / "cxr-lungs.pt")
    return average.net
