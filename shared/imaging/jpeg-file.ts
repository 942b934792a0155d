import { AppError } from '../kernel/errors.ts';
import type { LoadCodec } from './codecs/codec-binaries.ts';
import { decodeJpeg } from './codecs/jpeg-stream.ts';
import type { DecodedFrame } from './codecs/wasm-codec.ts';
import { rgbOfAdobeCmyk, rgbOfYbr } from './colour-conversion.ts';
import type { GrayImage } from './gray-image.ts';
import { type JpegFrame, readJpegFrame } from './jpeg-markers.ts';
import { applyOrientation, readOrientation } from './exif-orientation.ts';
import { chromaOfRgb, lumaOfRgb } from './photometric.ts';
import type { StoredPixels } from './stored-pixels.ts';

/** A JPEG file as Pillow shows it after convert('L') and exif_transpose(). */
export async function decodeJpegFile(
  bytes: Uint8Array,
  loadCodec: LoadCodec,
): Promise<{ image: GrayImage; stored: StoredPixels; chroma: number }> {
  const frame = readJpegFrame(bytes);
  // Printers' programs store ink, Adobe's inverted; without their mark either could be meant, black for white.
  if (frame.components === 4 && !frame.isAdobe)
    throw new AppError('image.unsupported', 'a CMYK picture that does not say whether it is inverted');
  const decoded = await decodeJpeg(bytes, { loadCodec });
  const { width, height, componentCount, bitsPerSample } = decoded;
  const max = 2 ** bitsPerSample - 1;
  const samples = displayedSamples(decoded, frame, max);
  const channels = componentCount === 1 ? 1 : 3;
  const pixels = channels === 1 ? unitScaled(samples, max) : lumaOfRgb(samples, channels, max);
  return {
    image: applyOrientation({ width, height, pixels }, readOrientation(frame.exif)),
    chroma: channels === 1 ? 0 : chromaOfRgb(samples, channels, max),
    stored: {
      rows: height,
      columns: width,
      samplesPerPixel: channels,
      bitsAllocated: bitsPerSample > 8 ? 16 : 8,
      bitsStored: bitsPerSample,
      signed: false,
      photometricInterpretation: channels === 1 ? 'MONOCHROME2' : 'RGB',
      frames: 1,
      samples,
    },
  };
}

/** Grey, or red, green and blue. */
function displayedSamples(
  { componentCount, bytes, bitsPerSample, photometric }: DecodedFrame,
  { colour }: JpegFrame,
  max: number,
): Uint8Array | Uint16Array {
  const samples = bitsPerSample > 8 ? new Uint16Array(bytes.buffer) : bytes;
  if (componentCount === 1) return samples;
  if (componentCount === 4 && bitsPerSample === 8) return rgbOfAdobeCmyk(samples, colour === 'ycc');
  if (componentCount === 3) return photometric === 'YBR_FULL' ? rgbOfYbr(samples, 3, max) : samples;
  throw new AppError('image.unsupported', `JPEG with ${componentCount} components of ${bitsPerSample} bits`);
}

function unitScaled(samples: Uint8Array | Uint16Array, max: number): Float32Array {
  const pixels = new Float32Array(samples.length);
  for (let index = 0; index < samples.length; index += 1) pixels[index] = (samples[index] ?? 0) / max;
  return pixels;
}
