import { toBase64Url, toHex, utf8 } from '../../kernel/bytes.ts';
import { canonicalJson, type Json } from '../../kernel/canonical-json.ts';
import { AppError } from '../../kernel/errors.ts';
import type { BlobSource } from '../blob-hub.ts';
import { isLater } from '../checkpoint.ts';
import type { BlobRef, DeviceStore } from '../device-store.ts';
import { mostEntries } from '../exchange.ts';
import { readBody } from '../fold/read-body.ts';
import type { LogCrypto, Signer } from '../log-crypto.ts';
import type { OpenBundleCipher } from './bundle-cipher.ts';
import { type BundleKey, keyName } from './bundle-key.ts';
import {
  type BundleGroup,
  type BundleHeader,
  bundleMessage,
  digestWith,
  encodeRecord,
  pieceBytes,
  recordTypes,
} from './bundle-records.ts';
import { chainStretches, type Stretch } from './chain-stretches.ts';
import { cipherOf, writePrelude } from './prelude.ts';
import { sealChunks } from './sealed-chunks.ts';

export type BundleContent = BundleHeader['content'];

export interface BundleParts {
  readonly store: DeviceStore;
  readonly signer: Signer;
  readonly crypto: LogCrypto;
  readonly openCipher: OpenBundleCipher;
  /** The newest that this device was given. */
  readonly key: BundleKey;
  /** 32 unguessable bytes: the salt of this bundle, and its name in the log. */
  readonly salt: Uint8Array;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** A picture that is kept here; undefined where it is not. One that throws an AppError is said to be broken. */
  readonly picture: (blob: BlobRef) => Promise<BlobSource | undefined>;
}

export interface BundleMade {
  readonly entries: number;
  readonly pictures: number;
  /** Of pictures that could not be read. */
  readonly broken: readonly string[];
}

export interface BundleMaking {
  /** The file, in pieces. It goes only as fast as they are taken, and holds one picture's piece at a time. */
  readonly pieces: AsyncIterable<Uint8Array>;
  /** Once the last piece was taken. */
  made(): BundleMade;
}

/** Of bodies in one group, in UTF-16 units. */
const bodyLength = 2 * 1024 * 1024;
const mostPictures = 1_000_000;

/** What this device holds, or has to send, as one file. Everything stays in the outbox until a receipt names it. */
export async function writeBundle(content: BundleContent, parts: BundleParts): Promise<BundleMaking> {
  const { store, crypto, key, salt, openCipher } = parts;
  const { identity } = await store.state();
  const prelude = writePrelude(
    { format: 1, clinic: identity.clinic, key: keyName(key, crypto), salt: toBase64Url(salt) },
    crypto,
  );
  const cipher = await cipherOf(prelude, key.secret, openCipher);
  let made: BundleMade | undefined;
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield prelude.line;
    const told = (counts: BundleMade): void => void (made = counts);
    yield* sealChunks(signed(content, prelude.digest, parts, told), cipher);
  }
  return {
    pieces: pieces(),
    made() {
      if (made === undefined) throw new TypeError('a bundle that is not finished');
      return made;
    },
  };
}

/** All records, encoded, with the maker's signature in the last one. */
async function* signed(
  content: BundleContent,
  begun: Uint8Array,
  parts: BundleParts,
  told: (made: BundleMade) => void,
): AsyncGenerator<Uint8Array> {
  const { store, signer, crypto } = parts;
  const { identity } = await store.state();
  const broken: string[] = [];
  const counts = { entries: 0, pictures: 0 };
  let digest = begun;
  for await (const record of records(content, parts)) {
    if (record.type === recordTypes.broken) broken.push(record.of);
    counts.entries += record.entries ?? 0;
    counts.pictures +=
      Number(record.type === recordTypes.picture) - Number(record.type === recordTypes.broken);
    digest = digestWith(digest, record, crypto);
    yield encodeRecord(record.type, record.content);
  }
  const sig = toBase64Url(await signer.sign(bundleMessage(identity, digest, counts)));
  yield encodeRecord(recordTypes.end, json({ ...counts, sig }));
  told({ ...counts, broken });
}

interface Written {
  readonly type: number;
  readonly content: Uint8Array;
  readonly entries?: number;
  readonly of: string;
}

const json = (value: unknown): Uint8Array => utf8(canonicalJson(value as Json));
const written = (type: number, content: Uint8Array, of = ''): Written => ({ type, content, of });

async function* records(content: BundleContent, parts: BundleParts): AsyncGenerator<Written> {
  const { store } = parts;
  const header = await headerOf(content, parts);
  yield written(recordTypes.header, json(header));
  const pictures = new Map<string, BlobRef>();
  for (const blob of await store.blobsToUpload(mostPictures)) pictures.set(blob.sha256, blob);
  for await (const group of groups(content, store)) {
    for (const blob of content === 'all' ? picturesOf(group) : []) {
      if (!pictures.has(blob.sha256)) pictures.set(blob.sha256, blob);
    }
    const shown = { ...group, entries: group.entries.map((one) => withinWitness(one, header)) };
    yield { ...written(recordTypes.group, json(shown)), entries: group.entries.length };
  }
  for (const blob of pictures.values()) {
    const source = await readable(() => parts.picture(blob));
    if (source !== undefined) yield* pictureRecords(blob, source);
  }
}

async function headerOf(content: BundleContent, { store, signer, now }: BundleParts): Promise<BundleHeader> {
  const { identity, verified, pledged } = await store.state();
  const witness = pledged !== null && isLater(pledged, verified) ? pledged : verified;
  const { clinic, device } = identity;
  return { clinic, device, key: toBase64Url(signer.publicKey), madeAt: now, content, witness };
}

/** Only where the hub has signed a tree in which the place lies can anybody rely on it. */
function withinWitness(
  { entry, index }: BundleGroup['entries'][number],
  { witness }: BundleHeader,
): BundleGroup['entries'][number] {
  return index !== undefined && witness !== null && index < witness.size ? { entry, index } : { entry };
}

async function* groups(content: BundleContent, store: DeviceStore): AsyncGenerator<BundleGroup> {
  let group: BundleGroup = { entries: [], heads: [], bodies: [] };
  let length = 0;
  for await (const stretch of chainStretches(store, ({ queued }) => content === 'all' || queued)) {
    const items = await withBodies(stretch, store);
    const more = items.bodies.reduce((sum, { text }) => sum + text.length, 0);
    const isFull = group.entries.length + items.entries.length > mostEntries || length + more > bodyLength;
    if (isFull && group.entries.length > 0) {
      yield group;
      group = { entries: [], heads: [], bodies: [] };
      length = 0;
    }
    group = {
      entries: [...group.entries, ...items.entries],
      heads: [...group.heads, ...items.heads],
      bodies: [...group.bodies, ...items.bodies],
    };
    length += more;
  }
  if (group.entries.length > 0) yield group;
}

async function withBodies({ entries, head }: Stretch, store: DeviceStore): Promise<BundleGroup> {
  const items = new Map((await store.items(entries.map(({ h }) => h))).map((item) => [item.h, item]));
  return {
    entries: entries.map(({ entry, index }) => (index === null ? { entry } : { entry, index })),
    heads: [head],
    bodies: entries.flatMap(({ h }) => items.get(h)?.body ?? []),
  };
}

function picturesOf({ entries, bodies }: BundleGroup): BlobRef[] {
  const byHash = new Map(bodies.map((body) => [body.bodyHash, body]));
  return entries.flatMap(({ entry }) => {
    const body = entry.kind === 'image.added' ? byHash.get(entry.bodyHash ?? '') : undefined;
    const said = body && readBody('image.added', body);
    return said === undefined || said.bytes === 0
      ? []
      : [{ sha256: said.sha256, bytes: said.bytes, type: said.type }];
  });
}

/** A picture that is damaged must not keep all others from leaving. */
async function readable<Result>(read: () => Promise<Result>): Promise<Result | 'broken'> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof AppError) return 'broken';
    throw error;
  }
}

async function* pictureRecords(blob: BlobRef, source: BlobSource | 'broken'): AsyncGenerator<Written> {
  const { sha256, bytes, type } = blob;
  yield written(recordTypes.picture, json({ sha256, bytes, type }));
  for (let at = 0; at < bytes; at += pieceBytes) {
    const end = Math.min(bytes, at + pieceBytes);
    const piece = source === 'broken' ? source : await readable(() => source.bytes(at, end));
    if (piece === 'broken' || piece.length !== end - at)
      return yield written(recordTypes.broken, new Uint8Array(0), sha256);
    yield written(recordTypes.piece, piece);
  }
}

/** How the log names a bundle that was made. */
export const bundleName = (salt: Uint8Array): string => toHex(salt).slice(0, 32);
