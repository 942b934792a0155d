import { decode, type DecodedPng } from 'fast-png';
import { AppError } from '../kernel/errors.ts';
import { thrownAsError } from './codecs/thrown-as-error.ts';
import { applyOrientation, readOrientation } from './exif-orientation.ts';
import type { GrayImage } from './gray-image.ts';
import { chromaOfRgb, lumaOfRgb } from './photometric.ts';
import { checkPng } from './png-chunks.ts';
import type { StoredPixels } from './stored-pixels.ts';

type PngSamples = Uint8Array | Uint16Array;

/**
 * A PNG file as grey, upright by its EXIF orientation. Transparent parts lie on black; gamma and colour profiles are not
 * applied, nor is animation.
 */
export function decodePngFile(bytes: Uint8Array): {
  image: GrayImage;
  stored: StoredPixels;
  chroma: number;
} {
  const { header, picture, exif } = checkPng(bytes);
  const png = decodeOrThrow(picture);
  // The decoder never makes a Uint8ClampedArray; that belongs to its encoder.
  const samples = png.depth < 8 ? unpack(png) : (png.data as PngSamples);
  const pixels = header.colorType === 3 ? grayOfPalette(samples, png.palette ?? []) : grayOfPng(png, samples);
  const { width, height } = header;
  const bits = header.bitDepth === 16 ? 16 : 8;
  return {
    image: applyOrientation({ width, height, pixels }, readOrientation(exif)),
    chroma: png.channels > 2 ? chromaOfRgb(samples, png.channels, 2 ** png.depth - 1) : 0,
    stored: {
      rows: height,
      columns: width,
      samplesPerPixel: png.channels,
      bitsAllocated: bits,
      bitsStored: header.bitDepth,
      signed: false,
      photometricInterpretation:
        header.colorType === 3 ? 'PALETTE COLOR' : png.channels > 2 ? 'RGB' : 'MONOCHROME2',
      frames: 1,
      samples,
    },
  };
}

function decodeOrThrow(picture: Uint8Array): DecodedPng {
  try {
    return decode(picture, { checkCrc: true });
  } catch (thrown) {
    throw new AppError('image.damaged', 'the PNG file could not be decoded', {
      cause: thrownAsError(thrown),
    });
  }
}

function grayOfPng(png: DecodedPng, samples: PngSamples): Float32Array {
  const { width, height, channels, depth, transparency } = png;
  const max = 2 ** depth - 1;
  const gray = channels > 2 ? lumaOfRgb(samples, channels, max) : new Float32Array(width * height);
  if (channels <= 2) {
    for (let pixel = 0; pixel < gray.length; pixel += 1) gray[pixel] = (samples[channels * pixel] ?? 0) / max;
  }
  if (channels === 2 || channels === 4) {
    for (let pixel = 0; pixel < gray.length; pixel += 1) {
      gray[pixel] = ((gray[pixel] ?? 0) * (samples[channels * pixel + channels - 1] ?? 0)) / max;
    }
  }
  if (transparency !== undefined) blackenKey(gray, samples, channels, transparency);
  return gray;
}

function grayOfPalette(indices: PngSamples, palette: readonly (readonly number[])[]): Float32Array {
  const rgb = Uint16Array.from(palette.flatMap(([red = 0, green = 0, blue = 0]) => [red, green, blue]));
  const lumas = lumaOfRgb(rgb, 3, 255).map((luma, index) => (luma * (palette[index]?.[3] ?? 255)) / 255);
  const gray = new Float32Array(indices.length);
  for (let pixel = 0; pixel < gray.length; pixel += 1) {
    const luma = lumas[indices[pixel] ?? 0];
    if (luma === undefined) throw new AppError('image.damaged', 'a PNG pixel points beyond its palette');
    gray[pixel] = luma;
  }
  return gray;
}

/** tRNS of a picture without palette names one transparent colour (11.3.2.1). */
function blackenKey(gray: Float32Array, samples: PngSamples, channels: number, key: Uint16Array): void {
  for (let pixel = 0; pixel < gray.length; pixel += 1) {
    if (key.every((value, channel) => samples[channels * pixel + channel] === value)) gray[pixel] = 0;
  }
}

/** Samples of 1, 2 or 4 bits, the leftmost pixel in the high bits; each row starts on a byte (7.2). */
function unpack({ data, width, height, depth }: DecodedPng): Uint8Array {
  const rowBytes = Math.ceil((width * depth) / 8);
  const samples = new Uint8Array(width * height);
  for (let row = 0, write = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1, write += 1) {
      const bit = column * depth;
      const byte = data[row * rowBytes + (bit >> 3)] ?? 0;
      samples[write] = (byte >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
    }
  }
  return samples;
}
