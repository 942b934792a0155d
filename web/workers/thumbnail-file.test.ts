import { expect, it } from 'vitest';
import { phantomFile } from '../../shared/imaging/phantom-file.ts';
import { decodePngFile } from '../../shared/imaging/png-file.ts';
import { fitArea } from './fit-picture.ts';
import { thumbnailFile } from './thumbnail-file.ts';

const noCodec = (): Promise<never> => Promise.reject(new TypeError('a PNG needs no codec'));

it('fits the picture into the side and keeps its greys', async () => {
  const file = phantomFile({ width: 320, height: 288 });
  const { image } = decodePngFile(await thumbnailFile(file, 80, noCodec));
  expect([image.width, image.height]).toEqual([80, 72]);
  const mean = (pixels: Float32Array): number =>
    pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
  // The filter keeps the mean but for the edges; rounding to 8 bits moves it by less than 1/255.
  expect(Math.abs(mean(image.pixels) - mean(decodePngFile(file).image.pixels))).toBeLessThan(0.01);
});

it('leaves a picture that is small already as it is', async () => {
  const file = phantomFile({ width: 40, height: 30 });
  expect(decodePngFile(await thumbnailFile(file, 80, noCodec)).image).toEqual(decodePngFile(file).image);
});

it('says what is wrong with a file that is no picture', async () => {
  await expect(thumbnailFile(new TextEncoder().encode('Dear colleague'), 80, noCodec)).rejects.toMatchObject({
    code: 'image.unknown-format',
  });
});

it('shrinks to an area, never beyond it', () => {
  const { width, height } = fitArea({ width: 300, height: 200, pixels: new Float32Array(60_000) }, 10_000);
  expect(width * height).toBeLessThanOrEqual(10_000);
  expect([width, height]).toEqual([122, 81]);
});
