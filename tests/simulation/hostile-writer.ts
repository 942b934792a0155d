import { createHash, createPrivateKey, sign } from 'node:crypto';
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
import { syncProtocol } from '../../shared/log/exchange.ts';
import type { Dice } from '../property/dice.ts';
import { makeKeyPair, randomBytes } from './outside.ts';

const crypto = { sha256: (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest() };

/** What somebody can hit who has an account and a device of the clinic and means harm. */
export interface Targets {
  readonly clinic: string;
  /** The account that pushes. */
  readonly self: string;
  readonly people: readonly string[];
  readonly images: readonly string[];
  /** Entries of others. */
  readonly entries: readonly { readonly h: string; readonly entry: Entry }[];
  /** What once could be read, and was kept by whoever read it. */
  readonly erased: readonly { readonly entry: Entry; readonly body: Body }[];
}

type Request = { -readonly [Part in 'protocol' | 'epoch' | 'entries' | 'heads' | 'bodies']: unknown };

interface Link {
  readonly n: number;
  readonly h: string;
}

/** Writes what an honest program would not. */
export class HostileWriter {
  readonly #dice: Dice;
  readonly #key: ReturnType<typeof createPrivateKey>;
  readonly publicKey: Uint8Array;
  readonly device: string;
  #last: Link | undefined;
  /** Names of everything that the hub must never take. */
  readonly forged = new Set<string>();

  constructor(dice: Dice) {
    const { pkcs8, publicKey } = makeKeyPair();
    this.#dice = dice;
    this.#key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
    this.publicKey = publicKey;
    this.device = deviceIdOf(publicKey, crypto);
  }

  sign(message: Uint8Array): Uint8Array {
    return sign(null, message, this.#key);
  }

  /** One push with one bad intention. */
  push(targets: Targets, nowMs: number): { readonly intention: string; readonly request: Request } {
    const dice = this.#dice;
    const { clinic, self, people, images, entries, erased } = targets;
    const one = (
      kind: string,
      entity: string,
      body: { [name: string]: Json } | null,
      changes: Partial<Entry> = {},
    ) => this.#link(clinic, { kind, entity, actor: self, ts: [nowMs, 0], ...changes }, body);
    const review = { findings: [{ code: 'mass', present: 'yes' }], results: [] };
    const other = dice.pick(entries);
    const intentions: Record<string, () => Request> = {
      'makes itself an administrator': () => one('user.role-set', self, { role: 'admin' }),
      'shuts somebody out': () => one('user.disabled', dice.pick(people), {}),
      'vouches for itself': () =>
        one('device.enrolled', this.device, {
          key: toBase64Url(this.publicKey),
          name: 'hub',
          role: 'hub',
          voucher: toBase64Url(randomBytes(64)),
        }),
      'erases what others said': () =>
        one('body.erased', other.entry.bodyHash ?? other.h, { reason: 'spite' }, { basedOn: [other.h] }),
      'signs for another': () => one('review.added', dice.pick(images), review, { actor: dice.pick(people) }),
      'reads without the right': () => one('review.added', dice.pick(images), review),
      'takes an image away': () =>
        one('entity.tombstoned', dice.pick(images), { reason: 'gone' }, { basedOn: [other.h] }),
      'writes from the year 9999': () =>
        one('preference.set', 'list', { value: 1 }, { ts: [253_402_300_000_000, 0] }),
      'writes an unknown kind': () => one('spell.cast', 'x'.repeat(200), { any: { thing: [null] } }),
      'says nonsense': () => one('image.added', dice.pick(images), { width: 'broad' }),
      'says that it saw what never was': () => {
        const seen = other.entry.seen ?? { epoch: '0'.repeat(32), size: 1, root: '0'.repeat(64) };
        const size = seen.size + dice.int(-1, 50);
        return one(
          'preference.set',
          'list',
          { value: 1 },
          { seen: { ...seen, size: Math.max(0, size), root: dice.chance(0.5) ? seen.root : '0'.repeat(64) } },
        );
      },
      'forks its own chain': () => {
        const before = this.#last;
        one('preference.set', 'list', { value: dice.int(0, 9) });
        this.#last = before;
        return one('preference.set', 'list', { value: 'the other way' });
      },
      'continues the chain of another': () => this.#forgeBehind(other, clinic),
      'stands on an entry of another': () => {
        const { h: prev, entry } = other;
        const request = one('preference.set', 'list', { value: 1 }, { prev, n: entry.n + 1 });
        return this.#allForged(request);
      },
      'writes into another clinic': () => {
        const request = one(
          'preference.set',
          'list',
          { value: 1 },
          { clinic: '99999999-9999-4999-8999-999999999999' },
        );
        return this.#allForged(request);
      },
      'swaps a body': () => {
        const request = one('preference.set', 'list', { value: 1 });
        const [body] = request.bodies as [Body];
        request.bodies = [{ ...body, text: '{"value":2}' }];
        return this.#allForged(request);
      },
      'hides the parent': () => {
        one('preference.set', 'list', { value: 1 });
        return this.#allForged(one('preference.set', 'list', { value: 2 }));
      },
      'brings back what was erased': () => ({
        protocol: syncProtocol,
        epoch: null,
        entries: erased.map(({ entry }) => entry),
        heads: [],
        bodies: erased.map(({ body }) => body),
      }),
      'alters an entry of another': () => {
        const entry = { ...other.entry, entity: `${other.entry.entity}!` };
        return this.#allForged({
          protocol: syncProtocol,
          epoch: null,
          entries: [entry],
          heads: [],
          bodies: [],
        });
      },
    };
    const intention = dice.pick(Object.keys(intentions));
    return { intention, request: intentions[intention]!() };
  }

  /** Bytes that are no push at all. */
  malformed(): string {
    const dice = this.#dice;
    const good = { protocol: syncProtocol, epoch: null, entries: [], heads: [], bodies: [] };
    return dice.pick([
      () => '',
      () => '{',
      () => 'null',
      () => `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
      () => JSON.stringify({ ...good, protocol: -1 }),
      () => JSON.stringify({ ...good, extra: true }),
      () => JSON.stringify({ ...good, entries: Array.from({ length: 501 }, () => ({})) }),
      () => JSON.stringify({ ...good, entries: [{ __proto__: null, v: 1, n: 1e308 }] }),
      () => JSON.stringify({ ...good, bodies: [{ bodyHash: 'x', salt: '', text: '\u0000\uD800' }] }),
      () => JSON.stringify({ ...good, epoch: "' OR 1=1 --" }),
    ])();
  }

  /** The next entry of this writer's own chain, rightly signed. */
  #link(clinic: string, said: Partial<Entry>, content: { readonly [name: string]: Json } | null): Request {
    const salt = Buffer.from(randomBytes(16)).toString('hex');
    const text = content === null ? null : canonicalJson(content);
    const hash = text === null ? null : bodyHash(salt, text, crypto);
    const entry = {
      v: 1,
      clinic,
      device: this.device,
      n: (this.#last?.n ?? 0) + 1,
      prev: this.#last?.h ?? null,
      basedOn: [],
      seen: null,
      bodyHash: hash,
      ...said,
    } as unknown as Entry;
    const h = entryHash(entry, crypto);
    this.#last = { n: entry.n, h };
    return {
      protocol: syncProtocol,
      epoch: null,
      entries: [entry],
      heads: [this.#head(entry, h, this.device)],
      bodies: hash === null || text === null ? [] : [{ bodyHash: hash, salt, text }],
    };
  }

  #head({ clinic, n }: Pick<Entry, 'clinic' | 'n'>, h: string, device: string): SignedHead {
    const message = headMessage({ clinic, device, n, h });
    return { clinic, device, n, h, key: toBase64Url(this.publicKey), sig: toBase64Url(this.sign(message)) };
  }

  #forgeBehind(
    { h: prev, entry: before }: { readonly h: string; readonly entry: Entry },
    clinic: string,
  ): Request {
    const entry: Entry = {
      ...before,
      n: before.n + 1,
      prev,
      kind: 'preference.set',
      entity: 'list',
      bodyHash: null,
    };
    const h = entryHash(entry, crypto);
    const head = this.#dice.chance(0.5)
      ? this.#head({ clinic, n: entry.n }, h, before.device)
      : { ...this.#head({ clinic, n: entry.n }, h, this.device), device: before.device };
    return this.#allForged({
      protocol: syncProtocol,
      epoch: null,
      entries: [entry],
      heads: [head],
      bodies: [],
    });
  }

  /** The chain goes on as if they had never been written. */
  #allForged(request: Request): Request {
    for (const entry of request.entries as readonly Entry[]) this.forged.add(entryHash(entry, crypto));
    this.#last = this.#taken;
    return request;
  }

  #taken: Link | undefined;

  /** The hub holds these now: the chain goes on behind them. */
  taken(stored: readonly string[]): void {
    if (this.#last !== undefined && stored.includes(this.#last.h)) this.#taken = this.#last;
    this.#last = this.#taken;
  }
}
