import type { LoadCodec } from './codecs/codec-binaries.ts';
import { decodeJpeg } from './codecs/libjpeg-turbo.ts';
import type { GrayImage } from './gray-image.ts';
import { readJpegFrame } from './jpeg-markers.ts';
import { applyOrientation, readOrientation } from './exif-orientation.ts';
import { chromaOfRgb, lumaOfRgb } from './photometric.ts';
import type { StoredPixels } from './stored-pixels.ts';

/** A JPEG file as Pillow shows it after convert('L') and exif_transpose(). */
export async function decodeJpegFile(
  bytes: Uint8Array,
  loadCodec: LoadCodec,
): Promise<{ image: GrayImage; stored: StoredPixels; chroma: number }> {
  const { exif } = readJpegFrame(bytes);
  const { width, height, componentCount, bytes: samples } = await decodeJpeg(bytes, loadCodec);
  const pixels = componentCount === 1 ? unitScaled(samples) : lumaOfRgb(samples, componentCount, 255);
  return {
    image: applyOrientation({ width, height, pixels }, readOrientation(exif)),
    chroma: componentCount === 1 ? 0 : chromaOfRgb(samples, componentCount, 255),
    stored: {
      rows: height,
      columns: width,
      samplesPerPixel: componentCount,
      bitsAllocated: 8,
      bitsStored: 8,
      signed: false,
      photometricInterpretation: componentCount === 1 ? 'MONOCHROME2' : 'RGB',
      frames: 1,
      samples,
    },
  };
}

function unitScaled(samples: Uint8Array): Float32Array {
  const pixels = new Float32Array(samples.length);
  for (let index = 0; index < samples.length; index += 1) pixels[index] = (samples[index] ?? 0) / 255;
  return pixels;
}
