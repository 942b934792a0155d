import { assert, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCodecFile } from '../../server/inference/codec-files.ts';
import { type DicomElement, imageFile, text, words } from '../../tests/fixtures/dicom-builder.ts';
import { rampJpeg } from '../../tests/fixtures/ramp-jpeg.ts';
import { decodeImage } from './decode-image.ts';
import { encodePng } from './png-encode.ts';
import { pixelValues, type PixelValues, regionStatistics, valueAt } from './pixel-values.ts';

const rescale = [text(0x00281052, 'DS', '-1000'), text(0x00281053, 'DS', '2')];
const hounsfield = { rows: 2, columns: 3, pixels: [0, 100, 200, 500, 600, 700], extra: rescale };
const whole = { left: 0, top: 0, right: 99, bottom: 99 };

async function valuesOf(file: Uint8Array): Promise<PixelValues> {
  return pixelValues(await decodeImage(file, loadCodecFile));
}

const voi = (center: string, width: string, shape?: string): DicomElement[] => [
  text(0x00281050, 'DS', center),
  text(0x00281051, 'DS', width),
  ...(shape === undefined ? [] : [text(0x00281056, 'CS', shape)]),
];

describe('the values of a DICOM picture', () => {
  it('are those behind the modality LUT', async () => {
    const values = await valuesOf(imageFile(hounsfield));
    expect(valueAt(values, 0, 0)).toBe(-1000);
    expect(valueAt(values, 2, 1)).toBe(400);
    expect(values.range).toEqual({ low: -1000, high: 400 });
  });

  it('end at the edges of the picture and where padding begins', async () => {
    const padding = [words(0x00280120, 'US', 0), ...rescale];
    const values = await valuesOf(imageFile({ ...hounsfield, extra: padding }));
    for (const [x, y] of [
      [-1, 0],
      [0, -1],
      [3, 0],
      [0, 2],
      [0, 0],
    ] as const) {
      expect(valueAt(values, x, y), `${x}, ${y}`).toBeUndefined();
    }
    expect(values.range).toEqual({ low: -800, high: 400 });
    expect(regionStatistics(values, whole)).toMatchObject({ count: 5, min: -800 });
  });

  it('know between which values the file draws its grey scale', async () => {
    const shown = async (extra: readonly DicomElement[]): Promise<PixelValues['shown']> =>
      (await valuesOf(imageFile({ ...hounsfield, extra: [...rescale, ...extra] }))).shown;
    expect(await shown([])).toEqual({ low: -1000, high: 400 });
    expect(await shown(voi('40.5', '401'))).toEqual({ low: -160, high: 240 });
    expect(await shown(voi('40', '400', 'LINEAR_EXACT'))).toEqual({ low: -160, high: 240 });
    expect(await shown(voi('40', '400', 'SIGMOID'))).toBeUndefined();
    expect(await shown(voi('40', '1'))).toBeUndefined();
  });

  it('are the grey that decoding shows, between those values', async () => {
    const file = imageFile({ ...hounsfield, extra: [...rescale, ...voi('-300.5', '1001')] });
    const decoded = await decodeImage(file, loadCodecFile);
    const values = pixelValues(decoded);
    const { low, high } = values.shown!;
    for (const [index, grey] of decoded.image.pixels.entries()) {
      const value = valueAt(values, index % 3, Math.floor(index / 3))!;
      // Two formulas of one line, in double and single precision.
      expect(Math.min(1, Math.max(0, (value - low) / (high - low)))).toBeCloseTo(grey, 6);
    }
  });

  it('keep their sign, and say that the picture is inverted', async () => {
    const file = imageFile({
      rows: 1,
      columns: 2,
      pixels: [-5, 7],
      signed: true,
      photometric: 'MONOCHROME1',
    });
    const values = await valuesOf(file);
    expect([valueAt(values, 0, 0), valueAt(values, 1, 0), values.inverted]).toEqual([-5, 7, true]);
  });

  it('are those that lie under a pixel where the picture was stretched', async () => {
    const decoded = await decodeImage(imageFile(hounsfield), loadCodecFile);
    const stretched = { ...decoded, image: { width: 3, height: 4, pixels: new Float32Array(12) } };
    const values = pixelValues(stretched);
    expect([0, 1, 2, 3].map((y) => valueAt(values, 1, y))).toEqual([-800, -800, 200, 200]);
  });
});

describe('the values of other pictures', () => {
  it('are their grey levels', async () => {
    const png = await valuesOf(encodePng(2, 1, Uint8Array.from([17, 255])));
    expect([valueAt(png, 0, 0), valueAt(png, 1, 0), png.shown]).toEqual([17, 255, { low: 0, high: 255 }]);
    const jpeg = await valuesOf(rampJpeg);
    expect(valueAt(jpeg, 15, 8)).toBeGreaterThan(220);
  });
});

describe('statistics of a region', () => {
  it('count the pixels of both edges', async () => {
    const values = await valuesOf(imageFile(hounsfield));
    expect(regionStatistics(values, { left: 0, top: 0, right: 1, bottom: 0 })).toEqual({
      mean: -900,
      deviation: 100,
      min: -1000,
      max: -800,
      count: 2,
    });
    expect(regionStatistics(values, { ...whole, left: 3 })).toBeUndefined();
  });

  it('agree with the sums that define them', () => {
    const samples = Uint16Array.from({ length: 40 }, (_, index) => 60_000 + ((index * 7919) % 97));
    const values: PixelValues = {
      width: 8,
      height: 5,
      samples,
      modalityLut: { kind: 'linear', slope: 1, intercept: 0 },
      inverted: false,
      range: { low: 60_000, high: 60_096 },
    };
    const corner = (max: number) => integer({ min: 0, max });
    const regions = record({ left: corner(7), right: corner(7), top: corner(4), bottom: corner(4) });
    let compared = 0;
    assert(
      property(regions, (region) => {
        const inside = Array.from(samples).filter((_, index) => {
          const [x, y] = [index % 8, Math.floor(index / 8)];
          return x >= region.left && x <= region.right && y >= region.top && y <= region.bottom;
        });
        const found = regionStatistics(values, region);
        if (inside.length === 0) {
          expect(found).toBeUndefined();
          return;
        }
        compared += 1;
        const mean = inside.reduce((sum, value) => sum + value, 0) / inside.length;
        const variance = inside.reduce((sum, value) => sum + (value - mean) ** 2, 0) / inside.length;
        expect(found!.count).toBe(inside.length);
        expect(found!.mean).toBeCloseTo(mean, 6);
        expect(found!.deviation).toBeCloseTo(Math.sqrt(variance), 6);
        expect([found!.min, found!.max]).toEqual([Math.min(...inside), Math.max(...inside)]);
      }),
      { seed: 20260131, numRuns: 200 },
    );
    expect(compared).toBeGreaterThan(20);
  });
});
