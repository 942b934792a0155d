export type ImageFormat = 'dicom' | 'jpeg' | 'png';

const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const jpegSignature = [0xff, 0xd8, 0xff];
const dicomPrefix = [0x44, 0x49, 0x43, 0x4d];

/** PS3.10 7.1: 128 bytes of preamble, then "DICM". */
export const preambleBytes = 128;

/** By content alone: names and extensions lie. */
export function detectFormat(bytes: Uint8Array): ImageFormat | undefined {
  if (startsWith(bytes, pngSignature, 0)) return 'png';
  if (startsWith(bytes, jpegSignature, 0)) return 'jpeg';
  if (hasPreamble(bytes) || startsWithElement(bytes)) return 'dicom';
  return undefined;
}

export function hasPreamble(bytes: Uint8Array): boolean {
  return startsWith(bytes, dicomPrefix, preambleBytes);
}

/** A DICOM file without preamble starts with an element of group 0002 or 0008, in one of three encodings. */
function startsWithElement(bytes: Uint8Array): boolean {
  if (bytes.length < 8) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const littleEndian = view.getUint8(0) !== 0;
  const group = view.getUint16(0, littleEndian);
  const element = view.getUint16(2, littleEndian);
  if ((group !== 0x0002 && group !== 0x0008) || element > 0x0120) return false;
  return hasExplicitVr(bytes, 0) || (littleEndian && view.getUint32(4, true) <= Math.min(1024, bytes.length));
}

/** Whether the element at `offset` names its VR: two capitals after the tag (PS3.5 7.1.2). */
export function hasExplicitVr(bytes: Uint8Array, offset: number): boolean {
  return isCapital(bytes[offset + 4]) && isCapital(bytes[offset + 5]);
}

function isCapital(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x41 && byte <= 0x5a;
}

function startsWith(bytes: Uint8Array, signature: readonly number[], offset: number): boolean {
  return signature.every((byte, index) => bytes[offset + index] === byte);
}
