"""Generated pictures that are no frontal chest X-ray. None comes from a real source except pieces of X-rays."""

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

from data import SIZE


def fractal(rng, power=None):
    """Noise whose spectrum falls like 1 / frequency^power: clouds, tissue, paper."""
    power = rng.uniform(0.6, 2.2) if power is None else power
    fy, fx = np.fft.fftfreq(SIZE)[:, None], np.fft.rfftfreq(SIZE)[None, :]
    radius = np.maximum(np.hypot(fy, fx), 1 / SIZE)
    spectrum = (rng.standard_normal(radius.shape) + 1j * rng.standard_normal(radius.shape)) / radius**power
    return stretch(np.fft.irfft2(spectrum, s=(SIZE, SIZE)))


def stretch(x):
    return (x - x.min()) / max(x.max() - x.min(), 1e-6)


def coordinates():
    return (np.mgrid[0:SIZE, 0:SIZE] + 0.5) / SIZE * 2 - 1


def ellipse(cx, cy, rx, ry, angle=0.0):
    """Signed: above 0 inside, 1 in the centre."""
    y, x = coordinates()
    u = (x - cx) * np.cos(angle) + (y - cy) * np.sin(angle)
    v = -(x - cx) * np.sin(angle) + (y - cy) * np.cos(angle)
    return 1 - np.hypot(u / rx, v / ry)


def soft(signed, width=0.03):
    return np.clip(signed / width + 0.5, 0, 1)


def gradient(rng):
    y, x = coordinates()
    angle = rng.uniform(0, 2 * np.pi)
    plane = stretch(x * np.cos(angle) + y * np.sin(angle))
    round_ = stretch(np.hypot(x - rng.uniform(-1, 1), y - rng.uniform(-1, 1)))
    return stretch(plane if rng.random() < 0.5 else round_) ** rng.uniform(0.5, 2)


def checkerboard(rng):
    y, x = coordinates()
    period = rng.uniform(0.05, 0.8)
    angle = rng.choice([0, rng.uniform(0, np.pi)])
    u, v = x * np.cos(angle) + y * np.sin(angle), -x * np.sin(angle) + y * np.cos(angle)
    return ((np.floor(u / period) + np.floor(v / period)) % 2) * rng.uniform(0.3, 1)


def stripes(rng):
    y, x = coordinates()
    angle, period = rng.uniform(0, np.pi), rng.uniform(0.03, 0.8)
    wave = np.sin(2 * np.pi * (x * np.cos(angle) + y * np.sin(angle)) / period)
    return (wave > 0).astype(float) if rng.random() < 0.5 else stretch(wave)


def page(rng):
    """Lines of letters, dark on light or the reverse: reports, screenshots, forms."""
    image = Image.new("L", (SIZE, SIZE), 255)
    pen = ImageDraw.Draw(image)
    step = int(rng.integers(8, 20))
    for top in range(int(rng.integers(2, 30)), SIZE - 10, step):
        if rng.random() < 0.15:
            continue
        letters = "".join(chr(int(c)) for c in rng.integers(97, 123, int(rng.integers(4, 24))))
        pen.text((int(rng.integers(2, 16)), top), letters.replace("q", " "), fill=int(rng.integers(0, 90)))
    if rng.random() < 0.3:
        left, top = rng.integers(10, 80, 2)
        pen.rectangle((int(left), int(top), int(left + rng.integers(20, 70)), int(top + rng.integers(20, 70))), fill=int(rng.integers(40, 220)))
    x = np.asarray(image, float) / 255
    return 1 - x if rng.random() < 0.4 else x


def collage(rng):
    """Overlapping ellipses and rectangles of flat or textured grey."""
    x = np.full((SIZE, SIZE), rng.random())
    for _ in range(int(rng.integers(2, 14))):
        if rng.random() < 0.6:
            inside = soft(ellipse(*rng.uniform(-1, 1, 2), *rng.uniform(0.08, 0.7, 2), rng.uniform(0, np.pi)), rng.uniform(0.01, 0.4))
        else:
            x0, y0 = rng.integers(0, SIZE - 10, 2)
            inside = np.zeros_like(x)
            inside[y0:y0 + int(rng.integers(8, 110)), x0:x0 + int(rng.integers(8, 110))] = 1
        x = x * (1 - inside) + inside * (rng.random() + 0.2 * (fractal(rng) - 0.5) * (rng.random() < 0.4))
    return np.clip(x, 0, 1)


def axial_slice(rng):
    """A body section as in computed tomography: bright rim, two dark fields or none, a vertebra."""
    rx = rng.uniform(0.6, 0.95)
    body = ellipse(rng.uniform(-0.1, 0.1), rng.uniform(-0.1, 0.1), rx, rx * rng.uniform(0.6, 0.95), rng.uniform(-0.1, 0.1))
    x = soft(body) * (rng.uniform(0.4, 0.7) + 0.25 * (fractal(rng, 1.5) - 0.5))
    x += 0.25 * soft(body) * soft(0.08 - body)
    if rng.random() < 0.6:
        for side in (-1, 1):
            lung = soft(ellipse(side * rx * 0.48, rng.uniform(-0.15, 0.05), rx * rng.uniform(0.25, 0.4), rng.uniform(0.25, 0.45), side * rng.uniform(-0.3, 0.3)))
            x = x * (1 - lung) + lung * (rng.uniform(0.02, 0.2) + 0.15 * fractal(rng, 1.0) ** 3)
    else:
        for _ in range(int(rng.integers(2, 9))):
            organ = soft(ellipse(*rng.uniform(-0.5, 0.5, 2), *rng.uniform(0.08, 0.35, 2), rng.uniform(0, 3)))
            x = x * (1 - organ) + organ * rng.uniform(0.2, 0.95)
    spine = soft(ellipse(0, rng.uniform(0.25, 0.5), 0.1, 0.09))
    return np.clip(np.maximum(x, spine * rng.uniform(0.7, 1)), 0, 1)


def skull(rng):
    """Head-like: a bright shell around texture, sometimes with orbits and teeth, sometimes with folds."""
    cx, cy, angle = rng.uniform(-0.1, 0.1), rng.uniform(-0.15, 0.15), rng.uniform(-0.3, 0.3)
    head = ellipse(cx, cy, rng.uniform(0.5, 0.85), rng.uniform(0.6, 0.92), angle)
    x = soft(head) * (rng.uniform(0.25, 0.6) + 0.35 * (fractal(rng, 1.3) - 0.5))
    x += rng.uniform(0.2, 0.6) * soft(head) * soft(rng.uniform(0.05, 0.12) - head)
    if rng.random() < 0.5:
        for side in (-1, 1):
            x *= 1 - rng.uniform(0.3, 0.7) * soft(ellipse(cx + side * 0.25, cy + 0.1, 0.16, 0.13))
        x[SIZE * 3 // 4:SIZE * 3 // 4 + 10] *= 1.2
    elif rng.random() < 0.6:
        x += 0.25 * soft(head) * np.sin(12 * fractal(rng, 2.0))
    return np.clip(x, 0, 1)


def limb(rng):
    """Long bones in a soft envelope, one to five of them: arms, legs, hands."""
    y, x = coordinates()
    angle = rng.uniform(-np.pi, np.pi)
    u, v = x * np.cos(angle) + y * np.sin(angle), -x * np.sin(angle) + y * np.cos(angle)
    count = int(rng.integers(1, 6))
    out = np.zeros((SIZE, SIZE))
    spread = rng.uniform(0.2, 0.45)
    for i in range(count):
        centre = (i - (count - 1) / 2) * spread + rng.uniform(-0.04, 0.04) + 0.08 * u * (i - (count - 1) / 2)
        bone = rng.uniform(0.04, 0.12) * (1 + 0.5 * u**2)
        gaps = np.abs(np.sin(np.pi * rng.uniform(0.5, 2.5) * u + rng.uniform(0, 3))) > 0.06
        distance = np.abs(v - centre)
        out = np.maximum(out, 0.35 * soft(bone * rng.uniform(1.6, 2.6) - distance, 0.08))
        shaft = soft(bone - distance, 0.03) * gaps
        out = np.maximum(out, shaft * (0.6 + 0.3 * soft(distance - bone * 0.6, 0.03)))
    return np.clip(out + 0.12 * (fractal(rng) - 0.5) + rng.uniform(0, 0.1), 0, 1)


def breast(rng):
    """Half an ellipse of texture at one edge."""
    side = rng.choice([-1, 1])
    shape = ellipse(side * 1.0, rng.uniform(-0.2, 0.2), rng.uniform(0.7, 1.6), rng.uniform(0.6, 0.95))
    return np.clip(soft(shape, 0.15) * (0.25 + 0.6 * fractal(rng, 1.4)), 0, 1)


def photograph(rng):
    """Smooth fields with a horizon and a few objects."""
    x = 0.7 * fractal(rng, 2.2) + 0.3 * gradient(rng)
    horizon = int(rng.integers(30, 130))
    x[horizon:] = 0.6 * x[horizon:] + 0.4 * rng.random()
    for _ in range(int(rng.integers(0, 5))):
        inside = soft(ellipse(*rng.uniform(-0.9, 0.9, 2), *rng.uniform(0.08, 0.5, 2), rng.uniform(0, 3)), 0.03)
        x = x * (1 - inside) + inside * np.clip(rng.random() + 0.4 * (fractal(rng, 1.8) - 0.5), 0, 1)
    return np.clip(x, 0, 1)


def blank(rng):
    return np.clip(rng.random() + rng.uniform(0, 0.05) * rng.standard_normal((SIZE, SIZE)), 0, 1)


def tight_crop(rng, chest):
    side = int(SIZE * rng.uniform(0.08, 0.33))
    top, left = rng.integers(0, SIZE - side, 2)
    piece = Image.fromarray(chest[top:top + side, left:left + side])
    return np.asarray(piece.resize((SIZE, SIZE), Image.BICUBIC), float) / 255


def shuffled(rng, chest):
    parts = int(rng.choice([2, 3, 4, 5, 8, 10]))
    side = SIZE // parts
    square = chest[:side * parts, :side * parts]
    tiles = square.reshape(parts, side, parts, side).swapaxes(1, 2).reshape(-1, side, side)
    order = rng.permutation(len(tiles))
    while len(tiles) > 1 and (order == np.arange(len(tiles))).mean() > 0.3:
        order = rng.permutation(len(tiles))
    tiles = tiles[order].reshape(parts, parts, side, side).swapaxes(1, 2).reshape(side * parts, side * parts)
    return np.asarray(Image.fromarray(np.ascontiguousarray(tiles)).resize((SIZE, SIZE)), float) / 255


FROM_NOTHING = (fractal, gradient, checkerboard, stripes, page, collage, axial_slice, skull, limb, breast, photograph, blank)
FROM_CHESTS = (tight_crop, shuffled)


def generate(count, chests, seed):
    """uint8 [count, SIZE, SIZE]; every kind equally often, pieces of X-rays twice as often."""
    rng = np.random.default_rng(seed)
    kinds = FROM_NOTHING + FROM_CHESTS * 2
    out = np.empty((count, SIZE, SIZE), np.uint8)
    for i in range(count):
        kind = kinds[i % len(kinds)]
        x = kind(rng, chests[rng.integers(len(chests))]) if kind in FROM_CHESTS else kind(rng)
        if kind not in FROM_CHESTS:
            x = np.asarray(x, float) + rng.choice([0, rng.uniform(0, 0.08)]) * rng.standard_normal(x.shape)
            x = ndimage.gaussian_filter(x, rng.uniform(0, 1.2)) if rng.random() < 0.3 else x
            x = 1 - x if rng.random() < 0.15 else x
        out[i] = np.round(np.clip(x, 0, 1) * 255)
    return out
