import { AppError } from '../../kernel/errors.ts';
import type { LoadCodec } from '../codecs/codec-binaries.ts';
import { type DecodedImage, decodeImage } from '../decode-image.ts';
import { readOrientation } from '../exif-orientation.ts';
import { detectFormat } from '../image-format.ts';
import { readJpegFrame } from '../jpeg-markers.ts';
import { addPhantomMark, carriesPhantomMark } from '../phantom-mark.ts';
import { checkPng } from '../png-chunks.ts';
import { deidentifyDicom } from './deidentify-dicom.ts';
import type { Deidentified, DeidentifyOptions } from './deidentify-options.ts';
import { pictureCode } from './pseudonyms.ts';
import { redrawPicture } from './redraw-picture.ts';
import { stripPicture } from './strip-picture.ts';

/**
 * A file that may leave the clinic, from one that may not. Keeps nothing; `bytes` stays the caller's.
 * @throws AppError `image.*`, `deidentify.*`; then there is no file that may leave
 */
export async function deidentifyFile(
  bytes: Uint8Array,
  options: DeidentifyOptions,
  loadCodec: LoadCodec,
): Promise<Deidentified> {
  if (bytes.length === 0) throw new AppError('image.empty', 'the file has no bytes');
  const format = detectFormat(bytes);
  if (format === undefined) throw new AppError('image.unknown-format', 'neither DICOM nor JPEG nor PNG');
  if (format === 'dicom') return deidentifyDicom(bytes, options, loadCodec);
  return deidentifyPicture(bytes, format, options, loadCodec);
}

/** Such a file names nobody in a place that is known, so that its content stands for the patient. */
async function deidentifyPicture(
  bytes: Uint8Array,
  format: 'jpeg' | 'png',
  { masks, burnedInChecked, hmac }: DeidentifyOptions,
  loadCodec: LoadCodec,
): Promise<Deidentified> {
  const exif = format === 'jpeg' ? readJpegFrame(bytes).exif : checkPng(bytes).exif;
  const stripped = stripPicture(bytes, format);
  const decoded = await decodeImage(bytes, loadCodec);
  const pseudonym = await pictureCode(stripped, hmac);
  const burnedIn = !burnedInChecked ? 'unknown' : masks.length > 0 ? 'masked' : 'checked';
  // The orientation stands in the EXIF data, which goes: such a picture is drawn upright.
  const redrawn = masks.length > 0 || readOrientation(exif) !== 1;
  if (!redrawn) await checkSamePicture(decoded, stripped, loadCodec);
  if (!redrawn && format === 'jpeg')
    return { bytes: stripped, name: `${pseudonym}.jpg`, mediaType: 'image/jpeg', pseudonym, burnedIn };
  const png = redrawn ? redrawPicture(decoded, masks) : stripped;
  // What a program has drawn must go on saying so.
  const marked = carriesPhantomMark(bytes) ? new Uint8Array(addPhantomMark(png)) : png;
  return { bytes: marked, name: `${pseudonym}.png`, mediaType: 'image/png', pseudonym, burnedIn };
}

/** @throws AppError `deidentify.picture-changed` */
async function checkSamePicture(
  { image }: DecodedImage,
  stripped: Uint8Array,
  loadCodec: LoadCodec,
): Promise<void> {
  const { image: found } = await decodeImage(stripped, loadCodec);
  const same =
    found.width === image.width &&
    found.height === image.height &&
    found.pixels.every((value, index) => value === image.pixels[index]);
  if (!same) throw new AppError('deidentify.picture-changed', 'the picture has other pixels');
}
