/**
 * A phantom's PNG carries a tEXt chunk (PNG specification, 11.3.3.3) that says what it is, so that it is labelled as
 * synthetic wherever the file turns up again.
 */
const mark = 'Source\0Fieldray synthetic chest phantom: drawn by a program, not a patient';
/** Signature and IHDR have a fixed length; tEXt may follow at once. */
const afterHeader = 8 + 25;

/** CRC-32 of PNG chunks (PNG specification, annex D), bit by bit: the chunk is short. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

function markChunk(): Uint8Array {
  const body = ascii(`tEXt${mark}`);
  const chunk = new Uint8Array(body.length + 8);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, body.length - 4);
  chunk.set(body, 4);
  view.setUint32(body.length + 4, crc32(body));
  return chunk;
}

/** @param png a PNG file that starts with signature and IHDR, as every valid one does */
export function addPhantomMark(png: Uint8Array): Uint8Array {
  const chunk = markChunk();
  const marked = new Uint8Array(png.length + chunk.length);
  marked.set(png.subarray(0, afterHeader));
  marked.set(chunk, afterHeader);
  marked.set(png.subarray(afterHeader), afterHeader + chunk.length);
  return marked;
}

export function carriesPhantomMark(file: Uint8Array): boolean {
  const chunk = markChunk();
  return chunk.every((byte, index) => file[afterHeader + index] === byte);
}
