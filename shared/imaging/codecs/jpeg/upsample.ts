// Subsampled components at full size. Ratios of two are interpolated as libjpeg does by default ("fancy upsampling": each
// new sample is three quarters of the nearer and one quarter of the farther one); other ratios are repeated.

export type Plane = Uint8Array | Uint16Array;

export interface SamplePlane {
  readonly samples: Plane;
  readonly stride: number;
  readonly width: number;
  readonly height: number;
}

/** Rows of `width` samples, `height` of them, from a component that has one for every `stepX` × `stepY`. */
export function upsample(
  plane: SamplePlane,
  stepX: number,
  stepY: number,
  width: number,
  height: number,
  takeRow: (row: number, samples: ArrayLike<number>) => void,
): void {
  const isSmoothX = stepX === 2 && plane.width > 2;
  const sums = new Int32Array(plane.width);
  const out = new Int32Array(2 * plane.width);
  for (let row = 0; row < height; row += 1) {
    const source = Math.min(plane.height - 1, Math.floor(row / stepY));
    const start = source * plane.stride;
    if (stepX === 1 && stepY === 1) {
      takeRow(row, plane.samples.subarray(start, start + width));
    } else if (stepY <= 2 && Number.isInteger(stepY) && (isSmoothX || (stepX === 1 && stepY === 2))) {
      const farther = stepY === 1 ? source : row % 2 === 0 ? source - 1 : source + 1;
      const other = Math.min(plane.height - 1, Math.max(0, farther)) * plane.stride;
      for (let index = 0; index < plane.width; index += 1)
        sums[index] =
          stepY === 1
            ? (plane.samples[start + index] ?? 0)
            : 3 * (plane.samples[start + index] ?? 0) + (plane.samples[other + index] ?? 0);
      if (stepX === 2) widen(sums, stepY === 1 ? 1 : 4, out);
      // Half a step is rounded up in one row and down in the next, so that the picture does not drift.
      else sums.forEach((sum, index) => (out[index] = (sum + (row % 2 === 0 ? 1 : 2)) >> 2));
      takeRow(row, out);
    } else {
      takeRow(
        row,
        Int32Array.from(
          { length: width },
          (_, x) => plane.samples[start + Math.min(plane.width - 1, Math.floor(x / stepX))] ?? 0,
        ),
      );
    }
  }
}

/** Twice as many samples as `sums`, which are `scale` times the samples. */
function widen(sums: Int32Array, scale: 1 | 4, out: Int32Array): void {
  const shift = scale === 1 ? 2 : 4;
  const even = scale === 1 ? 1 : 8;
  const odd = scale === 1 ? 2 : 7;
  const last = sums.length - 1;
  for (let index = 0; index <= last; index += 1) {
    const value = sums[index] ?? 0;
    const before = index === 0 ? value : (sums[index - 1] ?? 0);
    const after = index === last ? value : (sums[index + 1] ?? 0);
    out[2 * index] = (3 * value + before + even) >> shift;
    out[2 * index + 1] = (3 * value + after + odd) >> shift;
  }
}
