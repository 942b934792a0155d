// JPEG and PNG files without what describes them. The bytes that make the picture stay as they are; EXIF, comments, colour
// profiles, previews and texts go.

import { cleanJpeg } from './clean-jpeg.ts';
import { cleanPng } from './clean-png.ts';

/** @throws AppError `image.*`, `deidentify.unparsable` */
export function stripPicture(bytes: Uint8Array, format: 'jpeg' | 'png'): Uint8Array<ArrayBuffer> {
  return format === 'png' ? cleanPng(bytes) : cleanJpeg(bytes);
}
