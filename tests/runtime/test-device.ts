import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { Body, Entry, SignedHead } from '../../shared/log/entry.ts';
import type { PushRequest } from '../../shared/log/exchange.ts';
import { canonical, hashOfEntry, sha256 } from './second-witness.ts';

export interface Written {
  readonly entry: Entry;
  readonly h: string;
  readonly body: Body;
}

export interface Wish {
  readonly kind: string;
  readonly entity: string;
  readonly body: unknown;
  readonly basedOn?: readonly string[];
}

/** A device that writes correct entries, and wrong ones when it is told to. It keeps its chain in memory. */
export class TestDevice {
  readonly key: string;
  readonly id: string;
  readonly clinic: string;
  readonly actor: string;
  readonly chain: Written[] = [];
  readonly #privateKey: KeyObject;

  constructor(clinic: string, actor: string) {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    this.key = publicKey.export({ format: 'jwk' }).x!;
    this.id = sha256('device:1\n', Buffer.from(this.key, 'base64url')).toString('hex').slice(0, 32);
    this.clinic = clinic;
    this.actor = actor;
    this.#privateKey = privateKey;
  }

  sign(message: string | Uint8Array): string {
    return sign(null, Buffer.from(message), this.#privateKey).toString('base64url');
  }

  /** Another entry behind the newest; `change` makes it a wrong one. */
  write(wish: Wish, change: Partial<Entry> = {}): Written {
    const written = this.draft(wish, change);
    this.chain.push(written);
    return written;
  }

  /** As `write`, but the chain stays as it is. */
  draft({ kind, entity, body, basedOn = [] }: Wish, change: Partial<Entry> = {}): Written {
    const last = this.chain.at(-1);
    const salt = randomBytes(16).toString('hex');
    const text = canonical(body);
    const bodyHash = sha256(Buffer.from(salt, 'hex'), text).toString('hex');
    const entry: Entry = {
      v: 1,
      clinic: this.clinic,
      device: this.id,
      n: (last?.entry.n ?? 0) + 1,
      prev: last?.h ?? null,
      kind,
      entity,
      actor: this.actor,
      ts: [Date.now(), 0],
      basedOn: [...basedOn],
      bodyHash,
      seen: null,
      ...change,
    };
    return { entry, h: hashOfEntry(entry), body: { bodyHash, salt, text } };
  }

  head({ entry: { n }, h }: Written): SignedHead {
    const facts = { clinic: this.clinic, device: this.id, n, h };
    return { ...facts, key: this.key, sig: this.sign(`head:1\n${canonical(facts)}`) };
  }

  /** Everything written, signed at its end, as one push; without an argument the whole chain. */
  push(written: readonly Written[] = this.chain, epoch: string | null = null): PushRequest {
    return {
      protocol: 1,
      epoch,
      entries: written.map(({ entry }) => entry),
      heads: [this.head(written.at(-1)!)],
      bodies: written.map(({ body }) => body),
    };
  }
}

/** A review that anybody may read; no two are alike. */
export const review = (image: string, note: string): Wish => ({
  kind: 'review.added',
  entity: image,
  body: { findings: [{ code: 'opacity', present: 'yes' }], note, results: [] },
});
