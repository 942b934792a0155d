/** Bytes and their texts: lower-case hex for hashes, base64url without padding (RFC 4648 section 5) for keys and signatures. */

const encoder = new TextEncoder();

export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

const hexOf = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += hexOf[byte]!;
  return text;
}

/** The value of a hex digit by its character code. */
const digitOf = new Uint8Array(128);
for (let value = 0; value < 16; value++) digitOf['0123456789abcdef'.charCodeAt(value)] = value;
for (let value = 10; value < 16; value++) digitOf['ABCDEF'.charCodeAt(value - 10)] = value;

/** @param hex an even number of hex digits; check it with a schema first */
export function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(hex.length / 2);
  for (let index = 0; index < bytes.length; index++) {
    bytes[index] = digitOf[hex.charCodeAt(2 * index)]! * 16 + digitOf[hex.charCodeAt(2 * index + 1)]!;
  }
  return bytes;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The value of a character by its code, in this alphabet and in that of plain base64. */
const sextetOf = new Uint8Array(128).fill(255);
for (let value = 0; value < 64; value++) sextetOf[alphabet.charCodeAt(value)] = value;
sextetOf['+'.charCodeAt(0)] = 62;
sextetOf['/'.charCodeAt(0)] = 63;

// By hand, because a log has a million keys and signatures, and `atob` needs texts and bytes in between.

export function toBase64Url(bytes: Uint8Array): string {
  const { length } = bytes;
  let text = '';
  for (let at = 0; at < length; at += 3) {
    const three = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    text += alphabet[three >> 18]! + alphabet[(three >> 12) & 63]!;
    if (at + 1 < length) text += alphabet[(three >> 6) & 63]!;
    if (at + 2 < length) text += alphabet[three & 63]!;
  }
  return text;
}

/**
 * @param text base64url or base64, with or without padding; check it with a schema first
 * @throws TypeError for any other character
 */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  let { length } = text;
  while (length > 0 && text[length - 1] === '=') length--;
  // Six bits alone are no byte.
  if (length % 4 === 1) throw new TypeError('a text that base64 does not have');
  const bytes = new Uint8Array(Math.floor((length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let index = 0; index < length; index++) {
    const sextet = sextetOf[text.charCodeAt(index)] ?? 255;
    if (sextet === 255) throw new TypeError('a character that base64 does not have');
    held = (held << 6) | sextet;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = held >> bits;
    held &= (1 << bits) - 1;
  }
  return bytes;
}
