import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { concatBytes, equalBytes, toHex, utf8 } from '../../shared/kernel/bytes.ts';
import {
  type DataKey,
  type DataKeys,
  type KeyRotation,
  sealedPieceBytes,
  wrappedKeyBytes,
} from '../keys/sealer-api.ts';

// A file on the hub's disk: magic (8 bytes) ‖ random id (16) ‖ two places for the wrapped key (69 each) ‖ length of the
// sealed description (u32, big endian) ‖ that description ‖ pieces of 1 MiB, each sealed under the file's key with its index.
// The key has two places so that one can be written while the other stays whole.

export const pieceBytes = 1024 * 1024;
export const sealedPiece = pieceBytes + sealedPieceBytes;

const magic = utf8('FRAYBLB1');
const idBytes = 16;
const firstWrap = magic.length + idBytes;
const secondWrap = firstWrap + wrappedKeyBytes;
const lengthAt = secondWrap + wrappedKeyBytes;
const descriptionAt = lengthAt + 4;
const mostDescriptionBytes = 2048;

/** As many bytes as can be before the first piece. */
export const mostHeadBytes = descriptionAt + mostDescriptionBytes;

const Description = z.strictObject({
  clinic: z.string(),
  sha256: z.string(),
  size: z.int().positive(),
  type: z.string(),
});
type Description = z.infer<typeof Description>;

export interface BlobHead {
  readonly description: Description;
  readonly key: DataKey;
  /** What every piece is bound to. */
  readonly place: string;
  /** Where the first piece begins. */
  readonly length: number;
}

const placeOf = (id: Uint8Array): string => `blobs\n${toHex(id)}\n1`;
const headPlace = (place: string): string => `${place}\nhead`;
export const piecePlace = (place: string, index: number): string => `${place}\n${index}`;

export function newHead(description: Description, keys: DataKeys): BlobHead & { readonly bytes: Uint8Array } {
  const id = randomBytes(idBytes);
  const place = placeOf(id);
  const { wrapped, key } = keys.newKey(place);
  const sealed = key.seal(utf8(JSON.stringify(description)), headPlace(place));
  if (sealed.length > mostDescriptionBytes) throw new TypeError('the description is too long');
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, sealed.length);
  const bytes = concatBytes(magic, id, wrapped, new Uint8Array(wrappedKeyBytes), length, sealed);
  return { description, key, place, length: bytes.length, bytes };
}

interface Slots {
  readonly place: string;
  readonly slots: readonly { readonly at: number; readonly wrapped: Uint8Array }[];
}

function slotsOf(bytes: Uint8Array): Slots | undefined {
  if (bytes.length < descriptionAt || !equalBytes(bytes.subarray(0, magic.length), magic)) return undefined;
  return {
    place: placeOf(bytes.subarray(magic.length, firstWrap)),
    slots: [firstWrap, secondWrap].map((at) => ({ at, wrapped: bytes.subarray(at, at + wrappedKeyBytes) })),
  };
}

function attempt<Result>(task: () => Result): Result | undefined {
  try {
    return task();
  } catch {
    return undefined;
  }
}

/** @param bytes the first `mostHeadBytes` of the file. @returns undefined when it is no such file or was altered */
export function readHead(bytes: Uint8Array, keys: DataKeys): BlobHead | undefined {
  const { place, slots } = slotsOf(bytes) ?? {};
  if (place === undefined || slots === undefined) return undefined;
  const sealedBytes = new DataView(bytes.buffer, bytes.byteOffset).getUint32(lengthAt);
  const length = descriptionAt + sealedBytes;
  if (sealedBytes > mostDescriptionBytes || bytes.length < length) return undefined;
  for (const { wrapped } of slots) {
    const head = attempt(() => {
      const key = keys.unwrap(wrapped, place);
      const text = Buffer.from(key.open(bytes.subarray(descriptionAt, length), headPlace(place))).toString(
        'utf8',
      );
      return { description: Description.parse(JSON.parse(text)), key, place, length };
    });
    if (head !== undefined) return head;
  }
  return undefined;
}

/**
 * Two writes, to be made durable one after the other, after which both places hold the key wrapped by the present master
 * key. None when nothing has to be done; undefined when nothing can be.
 */
export function rewrapWrites(bytes: Uint8Array, keys: DataKeys & KeyRotation) {
  const { place, slots = [] } = slotsOf(bytes) ?? {};
  if (place === undefined) return undefined;
  const good = slots.find(({ wrapped }) => attempt(() => keys.unwrap(wrapped, place)) !== undefined);
  const other = slots.find((slot) => slot !== good);
  if (good === undefined || other === undefined) return undefined;
  const rewrapped = keys.rewrap(good.wrapped, place);
  const isUnused = other.wrapped.every((byte) => byte === 0);
  if (rewrapped === undefined && (isUnused || equalBytes(other.wrapped, good.wrapped))) return [];
  const present = rewrapped ?? good.wrapped;
  return [
    { at: other.at, bytes: present },
    // Whoever finds the old master key must not open the file with it.
    { at: good.at, bytes: present },
  ] as const;
}
