// The marker structure of JPEG and JPEG-LS streams (ISO 10918-1 Annex B, ISO 14495-1 Annex C), read without decoding:
// the frame header tells the size before anything is allocated, the end marker tells whether the stream is whole.

import { AppError } from '../kernel/errors.ts';

export interface JpegFrame {
  readonly width: number;
  readonly height: number;
  readonly precision: number;
  readonly components: number;
  /** What the stream says of its colours: luminance and chrominance, the components themselves, or nothing. */
  readonly colour: 'ycc' | 'direct' | 'unstated';
  /** An Adobe segment (APP14); CMYK is then stored inverted, as Adobe's programs do. */
  readonly isAdobe: boolean;
  /** How often the stream goes over the picture. */
  readonly scans: number;
  /** n of SOFn: 0 baseline, 1 extended, 2 progressive, 3 lossless; 55 for JPEG-LS, whose SOF is FFF7. */
  readonly process: number;
  /** Offset of the end-of-image marker; absent where the stream stops before it. */
  readonly end?: number | undefined;
  /** Payload of the first APP1 segment that holds EXIF data. */
  readonly exif?: Uint8Array | undefined;
}

type FrameHeader = Pick<JpegFrame, 'width' | 'height' | 'precision' | 'components' | 'process'> & {
  readonly ids: readonly number[];
};

const startOfScan = 0xda;
const endOfImage = 0xd9;

export function readJpegFrame(bytes: Uint8Array): JpegFrame {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) throw new AppError('image.damaged', 'no JPEG start marker');
  let frame: FrameHeader | undefined;
  let exif: Uint8Array | undefined;
  let endMarker: number | undefined;
  let adobe: number | undefined;
  let isJfif = false;
  let scans = 0;
  for (let position = nextMarker(bytes, 2); position < bytes.length;) {
    const marker = bytes[position + 1] ?? 0;
    if (marker === endOfImage) {
      endMarker = position;
      break;
    }
    const length = ((bytes[position + 2] ?? 0) << 8) | (bytes[position + 3] ?? 0);
    const end = position + 2 + length;
    if (length < 2 || end > bytes.length) break;
    const payload = bytes.subarray(position + 4, end);
    if (isFrameHeader(marker)) frame ??= readFrameHeader(marker, payload);
    else if (marker === 0xe1 && startsWith(payload, exifSignature)) exif ??= payload.subarray(6);
    else if (marker === 0xee && startsWith(payload, adobeSignature)) adobe ??= payload[11] ?? 0;
    else if (marker === 0xe0 && startsWith(payload, jfifSignature)) isJfif = true;
    else if (marker === startOfScan) scans += 1;
    position = nextMarker(bytes, end);
    if (frame === undefined && marker === startOfScan) break;
  }
  if (frame === undefined) {
    throw new AppError(
      endMarker === undefined ? 'image.truncated' : 'image.damaged',
      'the JPEG stream has no frame header',
    );
  }
  const { ids, ...header } = frame;
  const colour = statedColour(ids, adobe, isJfif);
  return { ...header, colour, isAdobe: adobe !== undefined, scans, end: endMarker, exif };
}

/** As libjpeg decides: Adobe's transform, else JFIF (always YCbCr), else components that are called R, G and B. */
function statedColour(
  ids: readonly number[],
  adobe: number | undefined,
  isJfif: boolean,
): JpegFrame['colour'] {
  if (adobe !== undefined && !(isJfif && ids.length === 3)) return adobe === 0 ? 'direct' : 'ycc';
  if (isJfif && ids.length === 3) return 'ycc';
  return String.fromCharCode(...ids) === 'RGB' ? 'direct' : 'unstated';
}

/**
 * Position of the next marker: skips entropy-coded data, in which FF00 is a stuffed byte (JPEG-LS stuffs a bit, so that
 * FF00 to FF7F are data) and RSTn belongs to the scan, and FF fill bytes.
 */
function nextMarker(bytes: Uint8Array, from: number): number {
  for (
    let position = bytes.indexOf(0xff, from);
    position >= 0;
    position = bytes.indexOf(0xff, position + 1)
  ) {
    const code = bytes[position + 1] ?? 0;
    const isRestart = code >= 0xd0 && code <= 0xd7;
    if (code >= 0x80 && code !== 0xff && !isRestart) return position;
  }
  return bytes.length;
}

/** SOF0–SOF15 without DHT (C4), JPG (C8) and DAC (CC); F7 is SOF55 of JPEG-LS. */
function isFrameHeader(marker: number): boolean {
  if (marker === 0xf7) return true;
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function readFrameHeader(marker: number, payload: Uint8Array): FrameHeader {
  if (payload.length < 6) throw new AppError('image.damaged', 'the JPEG frame header is cut');
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  return {
    process: marker === 0xf7 ? 55 : marker - 0xc0,
    precision: view.getUint8(0),
    height: view.getUint16(1),
    width: view.getUint16(3),
    components: view.getUint8(5),
    ids: Array.from({ length: Math.min(4, view.getUint8(5)) }, (_, index) => payload[6 + 3 * index] ?? 0),
  };
}

const adobeSignature = [0x41, 0x64, 0x6f, 0x62, 0x65];
const jfifSignature = [0x4a, 0x46, 0x49, 0x46, 0];
const exifSignature = [0x45, 0x78, 0x69, 0x66, 0, 0];

function startsWith(payload: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((byte, index) => payload[index] === byte);
}
