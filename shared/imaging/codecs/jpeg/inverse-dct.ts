// The inverse DCT of libjpeg's "islow" (Loeffler, Ligtenberg, Moschytz 1989, 11 multiplications), in 13-bit fixed point:
// the same rounding gives the same samples as the programs that others decode with.

const constBits = 13;
const work = new Int32Array(64);

/**
 * 64 samples from 64 coefficients in natural order, `steps` being their quantisation in the same order. Samples go to
 * `out` from `at` on, `stride` apart from row to row, clamped to 0 … 2^`precision` − 1.
 */
export function inverseDct(
  coefficients: Int16Array,
  from: number,
  steps: Int32Array,
  precision: number,
  out: Uint8Array | Uint16Array,
  at: number,
  stride: number,
): void {
  // Bits of fraction kept between the passes; 12-bit samples leave room for one.
  const passBits = precision > 8 ? 1 : 2;
  const max = 2 ** precision - 1;
  const center = 2 ** (precision - 1);
  let isFlat = true;
  for (let index = 0; index < 64; index += 1) {
    const value = coefficients[from + index] ?? 0;
    if (value !== 0 && index > 0) isFlat = false;
    work[index] = Math.imul(value, steps[index] ?? 0);
  }
  if (isFlat) {
    const level = clamp((((work[0] ?? 0) + 4) >> 3) + center, max);
    for (let row = 0; row < 8; row += 1) out.fill(level, at + row * stride, at + row * stride + 8);
    return;
  }
  for (let column = 0; column < 8; column += 1) transform(column, 8, constBits - passBits);
  for (let row = 0; row < 8; row += 1) {
    transform(8 * row, 1, constBits + passBits + 3);
    for (let column = 0; column < 8; column += 1)
      out[at + row * stride + column] = clamp((work[8 * row + column] ?? 0) + center, max);
  }
}

function clamp(value: number, max: number): number {
  return value < 0 ? 0 : value > max ? max : value;
}

/** Eight values of `work` in place, divided by 2^`shift` with rounding. */
function transform(at: number, step: number, shift: number): void {
  const [i1, i2, i3] = [at + step, at + 2 * step, at + 3 * step];
  const [i4, i5, i6, i7] = [at + 4 * step, at + 5 * step, at + 6 * step, at + 7 * step];
  const s0 = work[at]!;
  const s1 = work[i1]!;
  const s2 = work[i2]!;
  const s3 = work[i3]!;
  const s4 = work[i4]!;
  const s5 = work[i5]!;
  const s6 = work[i6]!;
  const s7 = work[i7]!;

  const even = Math.imul(s2 + s6, 4433);
  const even2 = even - Math.imul(s6, 15137);
  const even3 = even + Math.imul(s2, 6270);
  const sum = (s0 + s4) << constBits;
  const difference = (s0 - s4) << constBits;

  const z5 = Math.imul(s7 + s3 + s5 + s1, 9633);
  const z1 = Math.imul(s7 + s1, -7373);
  const z2 = Math.imul(s5 + s3, -20995);
  const z3 = Math.imul(s7 + s3, -16069) + z5;
  const z4 = Math.imul(s5 + s1, -3196) + z5;
  const odd0 = Math.imul(s7, 2446) + z1 + z3;
  const odd1 = Math.imul(s5, 16819) + z2 + z4;
  const odd2 = Math.imul(s3, 25172) + z2 + z3;
  const odd3 = Math.imul(s1, 12299) + z1 + z4;

  const half = 1 << (shift - 1);
  work[at] = (sum + even3 + odd3 + half) >> shift;
  work[i7] = (sum + even3 - odd3 + half) >> shift;
  work[i1] = (difference + even2 + odd2 + half) >> shift;
  work[i6] = (difference + even2 - odd2 + half) >> shift;
  work[i2] = (difference - even2 + odd1 + half) >> shift;
  work[i5] = (difference - even2 - odd1 + half) >> shift;
  work[i3] = (sum - even3 + odd0 + half) >> shift;
  work[i4] = (sum - even3 - odd0 + half) >> shift;
}
