"""Trains the classifier on the lung boxes that the first network finds."""

import time
from collections import defaultdict

import numpy as np
import torch
import torch.nn.functional as F

import augment
from average import Average
from crops import CACHED_SIZE, wide_crops
from data import SIZE, pick, pictures, standardise
from nets import PneumoniaNet

# Adults are in so that a healthy adult does not look ill merely for not being a child; the model stays one for children.
SETS = ("paediatric224", "paediatric288", "adult288")
BATCH = 32
PER_EPOCH = 2816
PEAK_RATE = 3e-3
SMOOTHING = 0.03


class Sampler:
    """Both labels equally often; within a label, patients before pictures, so that nobody dominates."""

    def __init__(self, data_root, lungs, cache, seed):
        train = pick(pictures(data_root), "train", SETS)
        self.crops, self.places = wide_crops(lungs, train, cache, "train")
        self.rng = np.random.default_rng(seed)
        self.patients = {0: defaultdict(list), 1: defaultdict(list)}
        for row, picture in enumerate(train):
            self.patients[picture.label][picture.patient].append(row)

    def epoch(self):
        """Rows in random order: every patient of a label once before any of them twice."""
        chosen = []
        for label, patients in self.patients.items():
            rows = []
            while len(rows) < PER_EPOCH // 2:
                names = self.rng.permutation(list(patients))
                rows += [(self.rng.choice(patients[name]), label) for name in names]
            chosen += rows[:PER_EPOCH // 2]
        self.rng.shuffle(chosen)
        return np.array(chosen)

    def batch(self, rows):
        x = torch.from_numpy(self.crops[rows].astype(np.float32) / 255)[:, None]
        return standardise(altered(x, self.places[rows], self.rng))


def altered(x, places, rng):
    """Jitters the box, then changes what must not matter: exposure, sharpness, compression, letters."""
    count = len(x)
    theta = augment.affine(count, rng, 8, (0.93, 1.07), 0.03)
    centre, half = torch.from_numpy(places[:, :2]), torch.from_numpy(places[:, 2:])
    theta = theta * half[:, :, None]
    theta[:, :, 2] += centre
    # Resolution is lost before the crop is squashed, so it is lost here before the warp.
    x = augment.low_resolution(x, rng, 0.35, 64)
    x = augment.warp(x, theta, SIZE, "border")
    x = augment.sharpness(x, rng)
    x = augment.intensity(x, rng, 0.8)
    x = augment.erase_corners(x, rng, 0.25)
    x = augment.markers(x, rng, 0.1)
    x = augment.noise(x, rng, 0.3, 0.04)
    return augment.jpeg(x, rng, 0.25)


def train_pneumonia(data_root, work, lungs, epochs, seed=2, log=print):
    """Returns the averaged network; its weights are also kept in work/checkpoints."""
    torch.manual_seed(seed)
    sampler = Sampler(data_root, lungs, work / "cache", seed)
    net = PneumoniaNet().to(memory_format=torch.channels_last)
    average = Average(net, 0.995)
    optimiser = torch.optim.AdamW(net.parameters(), PEAK_RATE, weight_decay=0.03)
    steps = PER_EPOCH // BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, PEAK_RATE, epochs * steps, pct_start=0.2)
    for epoch in range(epochs):
        net.train()
        start, total, right = time.time(), 0.0, 0
        for rows in np.array_split(sampler.epoch(), steps):
            x = sampler.batch(rows[:, 0]).contiguous(memory_format=torch.channels_last)
            labels = torch.from_numpy(rows[:, 1].astype(np.float32))
            logits = net(x)[0][:, 0]
            loss = F.binary_cross_entropy_with_logits(logits, labels * (1 - 2 * SMOOTHING) + SMOOTHING)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
            optimiser.step()
            schedule.step()
            average.update(net)
            total += loss.item() * len(rows)
            right += int(((logits > 0) == (labels > 0.5)).sum())
        log(f"pneumonia epoch {epoch + 1}/{epochs}: loss {total / PER_EPOCH:.4f} right {right / PER_EPOCH:.4f} ({time.time() - start:.0f} s)")
    average.net.to(memory_format=torch.contiguous_format)
    (work / "checkpoints").mkdir(parents=True, exist_ok=True)
    torch.save(average.net.state_dict(), work / "checkpoints" / "cxr-pneumonia.pt")
    return average.net
