import { describe, expect, it } from 'vitest';
import { codedStream, codedValues } from '../../../../tests/fixtures/coded-streams.ts';
import { decodeDct } from './decode-dct.ts';
import { decodeLossless } from './decode-lossless.ts';
import { readEntropyData } from './entropy-intervals.ts';
import { openHuffmanTable } from './huffman-table.ts';
import { inverseDct } from './inverse-dct.ts';
import { predictRow } from './predict-row.ts';
import { upsample } from './upsample.ts';

/** The inverse DCT by its definition (ISO 10918-1 A.3.3), in floating point. */
function byDefinition(coefficients: ArrayLike<number>, center: number): number[] {
  const scale = (index: number): number => (index === 0 ? Math.SQRT1_2 : 1);
  return Array.from({ length: 64 }, (_, place) => {
    const [y, x] = [Math.trunc(place / 8), place % 8];
    let sum = 0;
    for (let v = 0; v < 8; v += 1) {
      for (let u = 0; u < 8; u += 1) {
        const wave = Math.cos(((2 * x + 1) * u * Math.PI) / 16) * Math.cos(((2 * y + 1) * v * Math.PI) / 16);
        sum += scale(u) * scale(v) * (coefficients[8 * v + u] ?? 0) * wave;
      }
    }
    return sum / 4 + center;
  });
}

describe('the inverse DCT', () => {
  it.each([8, 12])('is the definition, to the rounding of its fixed point, at %i bits', (precision) => {
    const center = 2 ** (precision - 1);
    for (let seed = 1; seed <= 50; seed += 1) {
      const coefficients = Int16Array.from({ length: 64 }, (_, index) =>
        index > seed ? 0 : Math.trunc(Math.sin(seed * 97 + index * 31) * (center / (index + 1))),
      );
      const out = precision > 8 ? new Uint16Array(64) : new Uint8Array(64);
      inverseDct(coefficients, 0, new Int32Array(64).fill(1), precision, out, 0, 8);
      const expected = byDefinition(coefficients, center).map((value) =>
        Math.min(2 ** precision - 1, Math.max(0, value)),
      );
      const worst = Math.max(...expected.map((value, index) => Math.abs(value - (out[index] ?? 0))));
      // Half a level of rounding, and what the two passes lose.
      expect(worst).toBeLessThan(0.6);
    }
  });
});

describe('Huffman tables', () => {
  it('give length and value for every continuation of a code', () => {
    // 0 → 7, 10 → 8, 110 → 9.
    const table = openHuffmanTable(Uint8Array.from([1, 1, 1]), Uint8Array.from([7, 8, 9]));
    expect([0x0000, 0x7fff, 0x8000, 0xbfff, 0xc000, 0xdfff].map((bits) => table[bits])).toEqual([
      0x107, 0x107, 0x208, 0x208, 0x309, 0x309,
    ]);
    expect(table[0xe000]).toBe(0);
  });

  it('with more codes than there are are refused', () => {
    expect(() => openHuffmanTable(Uint8Array.from([3]), Uint8Array.from([1, 2, 3]))).toThrow(
      expect.objectContaining({ code: 'image.damaged' }),
    );
  });
});

describe('entropy-coded data', () => {
  it('loses its stuffing and is cut at restart markers', () => {
    const bytes = Uint8Array.from([1, 0xff, 0, 2, 0xff, 0xd0, 3, 0xff, 0xff, 0xd1, 4, 0xff, 0xd9]);
    const { intervals, end } = readEntropyData(bytes, 0);
    expect(intervals.map((interval) => [...interval.subarray(0, -8)])).toEqual([[1, 0xff, 2], [3], [4]]);
    expect(end).toBe(11);
  });

  it('with a restart marker missing is refused', () => {
    const bytes = Uint8Array.from([1, 0xff, 0xd1, 2, 0xff, 0xd9]);
    expect(() => readEntropyData(bytes, 0)).toThrow(expect.objectContaining({ code: 'image.damaged' }));
  });
});

describe('the predictors of lossless JPEG', () => {
  // a = 10 (left), b = 24 (above), c = 13 (above left); table H.1.
  it.each([
    [1, 10],
    [2, 24],
    [3, 13],
    [4, 21],
    [5, 15],
    [6, 22],
    [7, 17],
  ])('%i predicts %i', (predictor, expected) => {
    const here = new Int32Array(2);
    // The first sample of a row is predicted from above.
    predictRow(Int32Array.from([10 - 13, 0]), Int32Array.from([13, 24]), here, predictor, 512);
    expect([...here]).toEqual([10, expected]);
  });

  it('count modulo 65,536 and begin the first row in the middle', () => {
    const here = new Int32Array(2);
    predictRow(Int32Array.from([-40_000, 32_768]), undefined, here, 4, 32_768);
    expect([...here]).toEqual([58_304, 25_536]);
  });
});

describe('upsampling', () => {
  function widened(
    samples: readonly number[],
    width: number,
    height: number,
    x: number,
    y: number,
  ): number[] {
    const rows: number[] = [];
    const plane = { samples: Uint8Array.from(samples), stride: width, width, height };
    upsample(plane, x, y, width * x, height * y, (_, row) =>
      rows.push(...Array.from(row).slice(0, width * x)),
    );
    return rows;
  }

  it('interpolates a ratio of two as libjpeg does', () => {
    // h2v1_fancy_upsample: (3 · nearer + farther + 1 or 2) / 4, the ends as they are.
    expect(widened([0, 100, 200], 3, 1, 2, 1)).toEqual([0, 25, 75, 125, 175, 200]);
  });

  it('repeats other ratios', () => {
    expect(widened([1, 2], 2, 1, 4, 1)).toEqual([1, 1, 1, 1, 2, 2, 2, 2]);
  });

  it('keeps a flat plane flat', () => {
    expect(new Set(widened(Array(12).fill(77), 4, 3, 2, 2))).toEqual(new Set([77]));
  });
});

describe('streams', () => {
  function samplesOf({ bytes }: { bytes: Uint8Array<ArrayBuffer> }): number[] {
    return Array.from(new Uint16Array(bytes.buffer));
  }

  it('sequential, spectral and progressive of the same coefficients give the same picture', () => {
    const pictures = (['extended12', 'spectral12', 'progressive12'] as const).map((name) =>
      samplesOf(decodeDct(codedStream(name))),
    );
    expect(pictures[1]).toEqual(pictures[0]);
    expect(pictures[2]).toEqual(pictures[0]);
    const worst = Math.max(
      ...codedValues.map((value, index) => Math.abs(value - (pictures[0]?.[index] ?? 0))),
    );
    // dcmcjpeg's default quality of 90.
    expect(worst).toBeLessThan(8);
  });

  it.each(['losslessProcess14', 'losslessFirstOrder'] as const)('%s is exact', (name) => {
    expect(samplesOf(decodeLossless(codedStream(name)))).toEqual(codedValues);
  });

  it.each(['extended12', 'spectral12', 'progressive12'] as const)('%s cut anywhere is refused', (name) => {
    const stream = codedStream(name);
    for (let length = 2; length < stream.length - 6; length += 3) {
      const cut = Uint8Array.from([...stream.subarray(0, length), 0xff, 0xd9]);
      // Cut between two scans it is a whole picture of less detail.
      const isBetween = stream[length] === 0xff && name !== 'extended12';
      if (isBetween) continue;
      expect(() => decodeDct(stream.subarray(0, length))).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^image\./) }),
      );
      if (name === 'extended12') expect(() => decodeDct(cut), `${length}`).toThrow();
    }
  });
});
