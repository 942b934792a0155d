import { z } from 'zod';
import { concatBytes, fromBase64Url, fromHex, toHex, utf8 } from '../kernel/bytes.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import type { LogCrypto } from './log-crypto.ts';
import { DeviceId, Epoch, Hash, Millis, PublicKey, RecordId, Signature } from './names.ts';

/** The hub's checkpoint that the writer of an entry had verified last: every device is a witness. */
const Seen = z.strictObject({ epoch: Epoch, size: z.int().nonnegative(), root: Hash });

/** Without NUL, at which some databases end a text, and without half a character, which has no bytes: two names stay two. */
export const Entity = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\0\p{Surrogate}]*$/u);

/**
 * One immutable fact. Its name is the hash of its canonical JSON; `prev` names the entry before it of the same device.
 * What it says stands in a body of its own, which can be erased without breaking the chain.
 */
export const Entry = z.strictObject({
  v: z.literal(1),
  clinic: RecordId,
  device: DeviceId,
  /** Counts the entries of the device, from 1. */
  n: z.int().positive(),
  /** Null for the first. */
  prev: Hash.nullable(),
  /** As in `kinds.ts`; an unknown kind is kept and passed on. */
  kind: z
    .string()
    // First, and the only word when it is too long: the pattern is not made for megabytes.
    .max(64, { abort: true })
    .regex(/^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/),
  /** What it is about: an image's identity, a result's key, a user's id … (`kinds.ts`). */
  entity: Entity,
  /** The user in whose name it was written; `hub` where no person acted. */
  actor: z.union([RecordId, z.literal('hub')]),
  /** Hybrid clock of the device: milliseconds, counter. */
  ts: z.tuple([Millis, z.int().nonnegative()]),
  /** The entries that the writer had before its eyes when it decided. */
  basedOn: z.array(Hash).max(64),
  bodyHash: Hash.nullable(),
  seen: Seen.nullable(),
});
export type Entry = z.infer<typeof Entry>;

/** In UTF-16 units. */
export const mostBodyText = 1024 * 1024;

/**
 * What an entry says. `bodyHash` = SHA-256(salt ‖ UTF-8 of `text`); the salt goes with the body, so that an erased
 * body cannot be guessed from its hash.
 */
export const Body = z.strictObject({
  bodyHash: Hash,
  /** 128 random bits, lower-case hex. */
  salt: z.string().regex(/^[0-9a-f]{32}$/),
  /** Canonical JSON. */
  text: z
    .string()
    .max(mostBodyText)
    .refine((text) => text.isWellFormed()),
});
export type Body = z.infer<typeof Body>;

/** A device vouches for its chain up to here. Nothing behind the newest signed head of a chain is taken. */
export const SignedHead = z.strictObject({
  clinic: RecordId,
  device: DeviceId,
  n: z.int().positive(),
  h: Hash,
  /** The key whose hash is the device's id. */
  key: PublicKey,
  sig: Signature,
});
export type SignedHead = z.infer<typeof SignedHead>;

type Hasher = Pick<LogCrypto, 'sha256'>;

/**
 * Canonical JSON, as `canonicalJson` writes it. Here the members are put in order by hand and the platform writes them, because
 * a log has a million entries.
 * @throws TypeError when the entity has half a surrogate pair: that has no canonical form
 */
export function entryText(entry: Entry): string {
  const { actor, basedOn, bodyHash, clinic, device, entity, kind, n, prev, seen, ts, v } = entry;
  // Every other text is plain ASCII by its schema.
  if (!entity.isWellFormed()) throw new TypeError('an entity with half a character has no canonical form');
  const witnessed = seen && { epoch: seen.epoch, root: seen.root, size: seen.size };
  return JSON.stringify({
    actor,
    basedOn,
    bodyHash,
    clinic,
    device,
    entity,
    kind,
    n,
    prev,
    seen: witnessed,
    ts,
    v,
  });
}

const encoder = new TextEncoder();

/** What is hashed at once needs no bytes of its own, which take longer to get than to hash. */
const scratch = new Uint8Array(8192);

/** Over `head` and the UTF-8 of the text. */
function hashOf(head: Uint8Array, text: string, crypto: Hasher): Hash {
  const mostUtf8 = head.length + 3 * text.length;
  if (mostUtf8 > scratch.length) return toHex(crypto.sha256(concatBytes(head, utf8(text))));
  scratch.set(head);
  const { written } = encoder.encodeInto(text, scratch.subarray(head.length));
  return toHex(crypto.sha256(scratch.subarray(0, head.length + written)));
}

const noHead = new Uint8Array();

/** The name of an entry. */
export function entryHash(entry: Entry, crypto: Hasher): Hash {
  return hashOf(noHead, `entry:1\n${entryText(entry)}`, crypto);
}

export function bodyHash(salt: string, text: string, crypto: Hasher): Hash {
  return hashOf(fromHex(salt), text, crypto);
}

/** @param publicKey 32 bytes */
export function deviceIdOf(publicKey: Uint8Array, crypto: Hasher): string {
  return toHex(crypto.sha256(concatBytes(utf8('device:1\n'), publicKey))).slice(0, 32);
}

/** The bytes under a head's signature. */
export function headMessage({ clinic, device, n, h }: Omit<SignedHead, 'key' | 'sig'>): Uint8Array {
  return utf8(`head:1\n${canonicalJson({ clinic, device, n, h })}`);
}

/** Whether the device itself signed this head. */
export async function isSoundHead(head: SignedHead, crypto: LogCrypto): Promise<boolean> {
  const key = fromBase64Url(head.key);
  if (deviceIdOf(key, crypto) !== head.device) return false;
  return crypto.verify(key, fromBase64Url(head.sig), headMessage(head));
}

/** Whether it is its author's word for exactly this entry; the signature is another question. */
export function isHeadOf(head: SignedHead, entry: Entry | undefined): boolean {
  return (
    entry !== undefined && head.clinic === entry.clinic && head.device === entry.device && head.n === entry.n
  );
}
