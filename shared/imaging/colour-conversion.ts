// Colour spaces of JPEG streams: YCbCr of JFIF (ITU-R BT.601 at full range, the same as YBR_FULL of PS3.3 C.7.6.3.1.2) and
// the inverted CMYK of Adobe's programs, plain or with its first three components as YCbCr (YCCK).

type ColourSamples = Uint8Array | Uint16Array;

/** The first three of every `stride` samples, each in 0 … `max`, to RGB; what follows them stays. */
export function rgbOfYbr(samples: ColourSamples, stride: 3 | 4, max: number): ColourSamples {
  const out = samples.slice();
  const center = (max + 1) / 2;
  const clamp = (value: number): number => Math.min(max, Math.max(0, Math.round(value)));
  for (let at = 0; at + 2 < samples.length; at += stride) {
    const luma = samples[at] ?? 0;
    const cb = (samples[at + 1] ?? 0) - center;
    const cr = (samples[at + 2] ?? 0) - center;
    out[at] = clamp(luma + 1.402 * cr);
    out[at + 1] = clamp(luma - 0.344136286 * cb - 0.714136286 * cr);
    out[at + 2] = clamp(luma + 1.772 * cb);
  }
  return out;
}

/**
 * Four samples of 8 bits a pixel, as stored, to RGB as Pillow does: paper white less each ink, darkened by black. Adobe
 * stores 255 − ink; of YCCK the stored values are 255 − RGB as YCbCr, so that undoing YCbCr gives 255 − (255 − ink).
 */
export function rgbOfAdobeCmyk(samples: ColourSamples, isYcck: boolean): Uint8Array {
  const direct = isYcck ? rgbOfYbr(samples, 4, 255) : samples;
  const rgb = new Uint8Array((samples.length / 4) * 3);
  for (let read = 0, write = 0; read < samples.length; read += 4) {
    const paper = direct[read + 3] ?? 0;
    for (let ink = 0; ink < 3; ink += 1, write += 1) {
      const stored = direct[read + ink] ?? 0;
      const light = isYcck ? 255 - stored : stored;
      rgb[write] = Math.max(0, paper - mulDiv255(255 - light, paper));
    }
  }
  return rgb;
}

/** a · b / 255, rounded, in the integers that Pillow uses. */
function mulDiv255(a: number, b: number): number {
  const product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}
