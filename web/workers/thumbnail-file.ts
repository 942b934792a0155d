import type { LoadCodec } from '../../shared/imaging/codecs/codec-binaries.ts';
import { decodeImage } from '../../shared/imaging/decode-image.ts';
import { encodePng } from '../../shared/imaging/png-encode.ts';
import type { GrayImage } from '../../shared/imaging/gray-image.ts';
import { fitSide } from './fit-picture.ts';

/** A small grey PNG of the picture in a file. @throws AppError `image.*` */
export async function thumbnailFile(
  file: Uint8Array,
  side: number,
  loadCodec: LoadCodec,
): Promise<Uint8Array<ArrayBuffer>> {
  return thumbnailOf((await decodeImage(file, loadCodec)).image, side);
}

export function thumbnailOf(image: GrayImage, side: number): Uint8Array<ArrayBuffer> {
  const { width, height, pixels } = fitSide(image, side);
  // A clamped array rounds.
  const greys = Uint8ClampedArray.from(pixels, (value) => value * 255);
  return encodePng(width, height, new Uint8Array(greys.buffer));
}
