import { nodeCrypto } from '../../server/keys/node-crypto.ts';
import { toBase64Url, toHex } from '../../shared/kernel/bytes.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { type NewEntry, nextEntries, type Said, signHead } from '../../shared/log/chain.ts';
import {
  type Checkpoint,
  checkpointMessage,
  type Placement,
  type Receipt,
  receiptMessage,
} from '../../shared/log/checkpoint.ts';
import {
  type Body,
  deviceIdOf,
  type Entry,
  entryHash,
  isHeadOf,
  isSoundHead,
  type SignedHead,
} from '../../shared/log/entry.ts';
import type { PullAnswer, PullRequest, PushAnswer, PushRequest } from '../../shared/log/exchange.ts';
import { isVouched, voucherMessage } from '../../shared/log/fold/vouch.ts';
import { appendLeaves, emptyFrontier, leafHash, rootOf } from '../../shared/log/merkle.ts';
import { planConsistency, proofFrom } from '../../shared/log/merkle-proofs.ts';
import type { SyncTransport } from '../../shared/log/sync-transport.ts';
import { foldStore } from '../fixtures/fold-steps.ts';
import { testSigner } from '../fixtures/test-signer.ts';

interface Held {
  readonly entry: Entry;
  readonly place: Placement;
}

interface HubMemory {
  epoch: string;
  order: Held[];
  heads: SignedHead[];
  bodies: Map<string, Body>;
  /** The hub's own chain of this process. */
  own: { device: string; chain: NewEntry[] };
}

/** A hub of one clinic in memory: the rules of the exchange without accounts, rights of bodies or a disk. */
export class FakeSyncHub implements SyncTransport {
  readonly clinic = '00000000-0000-4000-8000-000000000001';
  readonly root = testSigner('root');
  readonly rootKey = toBase64Url(this.root.publicKey);
  now = 1_700_000_000_000;
  /** Codes for entries that it refuses. */
  readonly refuse = new Map<string, string>();
  pushes = 0;
  #memory: HubMemory = {
    epoch: '0'.repeat(32),
    order: [],
    heads: [],
    bodies: new Map(),
    own: { device: '', chain: [] },
  };
  #lives = 0;

  get size(): number {
    return this.#memory.order.length;
  }

  get hashes(): string[] {
    return this.#memory.order.map(({ place }) => place.h);
  }

  /** Hashes of what it holds of the entries' contents. */
  get bodies(): string[] {
    return [...this.#memory.bodies.keys()];
  }

  /** A copy, as a backup is one. */
  backup(): HubMemory {
    const { epoch, order, heads, bodies, own } = this.#memory;
    return { epoch, order: [...order], heads: [...heads], bodies: new Map(bodies), own };
  }

  restore(memory: HubMemory): void {
    this.#memory = { ...memory, own: { device: '', chain: [] } };
  }

  /** Written by the hub itself, on a chain that lives as long as its process. */
  async say(...said: Said[]): Promise<void> {
    const { own } = this.#memory;
    if (own.device === '') {
      const signer = testSigner(`hub ${++this.#lives}`);
      own.device = deviceIdOf(signer.publicKey, nodeCrypto);
      const voucher = toBase64Url(await this.root.sign(voucherMessage(this.clinic, own.device)));
      const body = { key: toBase64Url(signer.publicKey), name: 'hub', role: 'hub', voucher };
      await this.#write([{ kind: 'device.enrolled', entity: own.device, actor: 'hub', body }]);
    }
    await this.#write(said);
  }

  enrol(device: string, actor: string): Promise<void> {
    const body = { key: 'A'.repeat(43), name: 'test', role: 'device' };
    return this.say({ kind: 'device.enrolled', entity: device, actor, body });
  }

  async push(request: PushRequest): Promise<PushAnswer> {
    this.pushes++;
    const memory = this.#memory;
    const heads = await Promise.all(request.heads.map((head) => isSoundHead(head, nodeCrypto)));
    const sound = request.heads.filter((_, index) => heads[index]);
    const entries = request.entries
      .map((entry) => ({ h: entryHash(entry, nodeCrypto), entry }))
      .sort((a, b) => a.entry.n - b.entry.n);
    const inPush = new Map(entries.map(({ h, entry }) => [h, entry]));
    const signed = new Set<string>();
    for (const head of sound) {
      if (!isHeadOf(head, inPush.get(head.h))) continue;
      for (let h: string | null = head.h; h !== null && inPush.has(h); h = inPush.get(h)!.prev) signed.add(h);
    }
    const held = new Set(this.hashes);
    const answer: PushAnswer = {
      epoch: memory.epoch,
      stored: [],
      missingParents: [],
      rejected: [],
      forks: [],
    };
    for (const { h, entry } of entries) {
      const code = this.refuse.get(h);
      if (held.has(h)) answer.stored.push(h);
      else if (code !== undefined) answer.rejected.push({ h, code });
      else if (!signed.has(h)) answer.rejected.push({ h, code: 'log.unsigned' });
      else if (entry.prev !== null && !held.has(entry.prev)) answer.missingParents.push(entry.prev);
      else {
        const sibling = memory.order.find(
          (other) => other.entry.device === entry.device && other.entry.n === entry.n,
        );
        if (sibling !== undefined) {
          answer.forks.push({ device: entry.device, n: entry.n, hs: [sibling.place.h, h] });
        }
        held.add(h);
        this.#place(h, entry);
        answer.stored.push(h);
      }
    }
    memory.heads.push(...sound.filter(({ h }) => held.has(h)));
    for (const body of request.bodies) memory.bodies.set(body.bodyHash, body);
    return answer.stored.length === 0 ? answer : { ...answer, receipt: await this.#receipt(answer.stored) };
  }

  async pull({ epoch, cursor, limit, verified }: PullRequest): Promise<PullAnswer> {
    const memory = this.#memory;
    const isBehind =
      verified !== null &&
      verified.epoch === memory.epoch &&
      (verified.size > this.size || this.#rootAt(verified.size) !== verified.root);
    if (isBehind) memory.epoch = (++this.#lives).toString(16).padStart(32, 'e');
    // Everything below is of this moment; only the signature is waited for.
    const signing = this.#checkpoint();
    const known = epoch === memory.epoch;
    const entries = known ? memory.order.slice(cursor, cursor + limit) : [];
    const next = known ? cursor + entries.length : 0;
    const devices = new Set(entries.map(({ entry }) => entry.device));
    const answer = {
      epoch: memory.epoch,
      entries,
      heads: memory.heads.filter((head) => devices.has(head.device)),
      bodies: entries.flatMap(({ entry }) => memory.bodies.get(entry.bodyHash ?? '') ?? []),
      lacking: entries
        .filter(({ entry }) => entry.bodyHash !== null && !memory.bodies.has(entry.bodyHash))
        .map(({ place }) => place.h),
      next,
      end: next === this.size,
      proof: verified === null || !known ? [] : this.#consistency(verified.size),
    };
    return { ...answer, checkpoint: await signing };
  }

  /** What the fold makes of the order, as one text. */
  async rowsText(): Promise<string> {
    const store = foldStore();
    const { order, bodies } = this.#memory;
    for (const { entry, place } of order) {
      const body = bodies.get(entry.bodyHash ?? '') ?? null;
      const vouched = await isVouched(entry, body, this.root.publicKey, nodeCrypto);
      await store.fold([{ h: place.h, entry, place, body, vouched }]);
    }
    return store.text();
  }

  async #write(said: Said[]): Promise<void> {
    const { own, heads, bodies } = this.#memory;
    const last = own.chain.at(-1);
    const made = nextEntries(
      said,
      { last: last === undefined ? null : { n: last.entry.n, h: last.h }, clock: last?.entry.ts ?? null },
      {
        clinic: this.clinic,
        device: own.device,
        verified: null,
        now: this.now,
        randomBytes: (length) => new Uint8Array(length).fill(own.chain.length + this.#lives),
        crypto: nodeCrypto,
      },
    );
    for (const one of made) {
      this.#place(one.h, one.entry);
      if (one.body !== null) bodies.set(one.body.bodyHash, one.body);
    }
    own.chain.push(...made);
    heads.push(await signHead(made.at(-1)!, testSigner(`hub ${this.#signerOf(own.device)}`)));
  }

  #signerOf(device: string): number {
    for (let life = 1; life <= this.#lives; life++) {
      if (deviceIdOf(testSigner(`hub ${life}`).publicKey, nodeCrypto) === device) return life;
    }
    throw new AppError('server.internal', 'no such life of the hub');
  }

  #place(h: string, entry: Entry): void {
    const place = {
      h,
      index: this.size,
      effTs: Math.min(entry.ts[0], this.now + 300_000),
      recvAt: this.now,
    };
    this.#memory.order.push({ entry, place });
  }

  #leaves(size: number): Uint8Array[] {
    return this.#memory.order.slice(0, size).map(({ place }) => leafHash(place, nodeCrypto));
  }

  #rootAt(size: number): string {
    return toHex(rootOf(appendLeaves(emptyFrontier, this.#leaves(size), nodeCrypto).frontier, nodeCrypto));
  }

  #consistency(earlier: number): string[] {
    const { nodes } = appendLeaves(emptyFrontier, this.#leaves(this.size), nodeCrypto);
    const byPlace = new Map(nodes.map(({ level, index, hash }) => [`${level}/${index}`, hash]));
    const plan = planConsistency(earlier, this.size);
    return proofFrom(plan, ({ level, index }) => byPlace.get(`${level}/${index}`)!, nodeCrypto).map(toHex);
  }

  async #checkpoint(): Promise<Checkpoint> {
    const { clinic, size, now: at } = this;
    const unsigned = { clinic, epoch: this.#memory.epoch, size, root: this.#rootAt(size), at };
    return { ...unsigned, sig: toBase64Url(await this.root.sign(checkpointMessage(unsigned))) };
  }

  async #receipt(hs: readonly string[]): Promise<Receipt> {
    const wanted = new Set(hs);
    const placements = this.#memory.order.flatMap(({ place }) => (wanted.has(place.h) ? [place] : []));
    const unsigned = { checkpoint: await this.#checkpoint(), placements };
    return { ...unsigned, sig: toBase64Url(await this.root.sign(receiptMessage(unsigned))) };
  }
}
