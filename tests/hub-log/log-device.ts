import { toBase64Url } from '../../shared/kernel/bytes.ts';
import { canonicalJson, type Json } from '../../shared/kernel/canonical-json.ts';
import {
  type Body,
  bodyHash,
  deviceIdOf,
  type Entry,
  entryHash,
  headMessage,
  type SignedHead,
} from '../../shared/log/entry.ts';
import { type PushRequest, syncProtocol } from '../../shared/log/exchange.ts';
import { nodeCrypto, signerOf } from '../../server/keys/node-crypto.ts';

export interface Written {
  readonly h: string;
  readonly entry: Entry;
  readonly body: Body | null;
}

export interface WhatToWrite extends Partial<
  Pick<Entry, 'kind' | 'entity' | 'actor' | 'ts' | 'basedOn' | 'seen'>
> {
  readonly body?: Json | null;
  /** Instead of canonical JSON of `body`. */
  readonly text?: string;
}

/** A device that writes into its own chain: as little as a test needs, and as wrong as it wants. */
export interface LogDevice {
  readonly id: string;
  readonly key: string;
  /** Goes on from the last entry. */
  write(what?: WhatToWrite): Written;
  head(of: Pick<Written, 'h' | 'entry'>): Promise<SignedHead>;
  /** Another with the same key and the same last entry, as a restored profile is. */
  copy(): LogDevice;
}

let salts = 0;

/** @param seed a number below 256, or the 32 bytes themselves */
const seedBytes = (seed: number | Uint8Array): Uint8Array =>
  typeof seed === 'number' ? new Uint8Array(32).fill(seed) : seed;

export function logDevice(
  clinic: string,
  actor: string,
  seed: number | Uint8Array,
  last: { readonly n: number; readonly prev: string | null } = { n: 0, prev: null },
): LogDevice {
  const signer = signerOf(seedBytes(seed));
  const id = deviceIdOf(signer.publicKey, nodeCrypto);
  const key = toBase64Url(signer.publicKey);
  let { n, prev } = last;
  return {
    id,
    key,
    write({ body = { value: 1 }, text, ...changes } = {}) {
      n++;
      const salt = (salts++).toString(16).padStart(32, '0');
      const written = body === null ? null : (text ?? canonicalJson(body));
      const hash = written === null ? null : bodyHash(salt, written, nodeCrypto);
      const entry: Entry = {
        v: 1,
        clinic,
        device: id,
        n,
        prev,
        kind: 'preference.set',
        entity: 'theme',
        actor,
        ts: [1000 + n, 0],
        basedOn: [],
        bodyHash: hash,
        seen: null,
        ...changes,
      };
      const h = entryHash(entry, nodeCrypto);
      prev = h;
      return { h, entry, body: hash === null ? null : { bodyHash: hash, salt, text: written! } };
    },
    async head({ h, entry }) {
      const unsigned = { clinic, device: id, n: entry.n, h };
      return { ...unsigned, key, sig: toBase64Url(await signer.sign(headMessage(unsigned))) };
    },
    copy: () => logDevice(clinic, actor, seed, { n, prev }),
  };
}

/** A push of these entries with their bodies, under a head over the last. */
export async function pushOf(
  device: Pick<LogDevice, 'head'>,
  written: readonly Written[],
  changes: Partial<PushRequest> = {},
): Promise<PushRequest> {
  return {
    protocol: syncProtocol,
    epoch: null,
    entries: written.map(({ entry }) => entry),
    heads: [await device.head(written.at(-1)!)],
    bodies: written.flatMap(({ body }) => (body === null ? [] : [body])),
    ...changes,
  };
}
