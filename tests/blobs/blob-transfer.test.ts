import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { createR2Store } from '../../server/blobs/r2-store.ts';
import { type HttpCall, httpBlobHub } from '../../shared/api/http-blob-hub.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import type { BlobHub, BlobSink, BlobSource } from '../../shared/log/blob-hub.ts';
import type { BlobTransferParts } from '../../shared/log/blob-patience.ts';
import { downloadBlob } from '../../shared/log/download-blob.ts';
import { uploadBlob } from '../../shared/log/upload-blob.ts';
import { Dice } from '../property/dice.ts';
import { blobApp } from './blob-app.ts';
import { aBlob, clinic, mib, readAll, sha256Of } from './blob-store.contract.ts';
import { memoryBucket } from './memory-bucket.ts';
import { testVault } from './test-vault.ts';

const hashOf = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

function callOf(app: ReturnType<typeof blobApp>): HttpCall {
  return async ({ method, path, headers, body }) => {
    const length = body === undefined ? 0 : Buffer.byteLength(body);
    const answer = await app.request(path, {
      method,
      headers: { ...headers, 'X-Clinic': clinic, 'Content-Length': String(length) },
      ...(body !== undefined && { body: typeof body === 'string' ? body : body.slice() }),
    });
    return {
      status: answer.status,
      header: (name) => answer.headers.get(name) ?? undefined,
      body: new Uint8Array(await answer.arrayBuffer()),
    };
  };
}

function sourceOf(bytes: Uint8Array, blob: Pick<BlobSource, 'sha256' | 'size' | 'type'>): BlobSource {
  return { ...blob, bytes: async (from, to) => bytes.subarray(from, to) };
}

function memorySink(start: Uint8Array = new Uint8Array(0)) {
  let kept = Buffer.from(start);
  const state = { finished: false, discards: 0, kept: () => kept };
  const sink: BlobSink = {
    held: async () => kept.length,
    bytes: async (from, to) => kept.subarray(from, to),
    append: async (bytes) => void (kept = Buffer.concat([kept, bytes])),
    finish: async () => void (state.finished = true),
    discard: async () => {
      kept = Buffer.alloc(0);
      state.discards += 1;
    },
  };
  return { sink, state };
}

const { bytes, blob } = aBlob(21, 2 * mib + 4321);
const source = sourceOf(bytes, blob);

let store: ReturnType<typeof createR2Store>;
let call: HttpCall;
let hub: BlobHub;
let waits: number[];
let parts: BlobTransferParts;
beforeEach(() => {
  store = createR2Store({ bucket: memoryBucket(() => 0, 1000), keys: testVault() });
  call = callOf(blobApp(store));
  hub = httpBlobHub((request) => call(request), hashOf);
  waits = [];
  parts = { wait: async (ms) => void waits.push(ms), random: () => 0.5 };
});

const stored = async (): Promise<string> => sha256Of(await readAll(store, blob.sha256));
const download = (sink: BlobSink) =>
  downloadBlob(hub, blob.sha256, sink, { ...parts, startHash: () => createHash('sha256') });

/** Loses requests, replies, and what came of large pieces, as the dice say. */
function badLine(seed: number, lossRate: number): void {
  const good = call;
  const dice = new Dice(seed);
  call = async (request) => {
    if (dice.chance(lossRate)) throw new TypeError('fetch failed');
    const answer = await good(request);
    if (dice.chance(lossRate)) throw new TypeError('socket hang up');
    return answer;
  };
}

describe('an upload', () => {
  it('arrives, and is not sent again', async () => {
    expect(await uploadBlob(hub, source, parts)).toEqual({ kind: 'done' });
    expect(await stored()).toBe(blob.sha256);
    const asked: string[] = [];
    const good = call;
    call = (request) => {
      asked.push(request.method);
      return good(request);
    };
    expect(await uploadBlob(hub, source, parts)).toEqual({ kind: 'done' });
    expect(asked).toEqual(['POST']);
  });

  it.each(Array.from({ length: 12 }, (_, seed) => seed + 1))(
    'arrives over a bad line, seed %i',
    async (seed) => {
      badLine(seed, 0.2);
      const outcome = await uploadBlob(hub, source, { ...parts, mostFailures: 40 });
      expect(outcome).toEqual({ kind: 'done' });
      expect(await stored()).toBe(blob.sha256);
      expect(waits.length).toBeGreaterThan(0);
    },
  );

  it('is left for later when nobody answers, and goes on from there', async () => {
    const good = call;
    let pieces = 0;
    call = async (request) => {
      if (request.method === 'PATCH' && ++pieces > 3) throw new TypeError('fetch failed');
      return good(request);
    };
    expect(await uploadBlob(hub, source, parts)).toEqual({ kind: 'later', code: 'network.unreachable' });
    const beginning = await store.begin(clinic, blob);
    expect(beginning).toMatchObject({ kind: 'upload', offset: 3 * 64 * 1024 });
    const offsets: string[] = [];
    call = (request) => {
      if (request.method === 'PATCH') offsets.push(request.headers['Upload-Offset']!);
      return good(request);
    };
    expect(await uploadBlob(hub, source, parts)).toEqual({ kind: 'done' });
    expect(offsets[0]).toBe(String(3 * 64 * 1024));
  });

  it('stops when it is told to', async () => {
    const stop = { aborted: false };
    const stopping = { ...parts, stop };
    const good = call;
    call = (request) => {
      if (request.method === 'PATCH') stop.aborted = true;
      return good(request);
    };
    expect((await uploadBlob(hub, source, stopping)).kind).toBe('later');
  });

  it('watches while another one sends, and takes over when nothing moves', async () => {
    const beginning = await store.begin(clinic, blob);
    if (beginning.kind !== 'upload') throw new TypeError('stored');
    // The other one sends two pieces while this one looks, and then is gone.
    let theirs = 0;
    const takePiece = async (): Promise<void> => {
      theirs = await store.append(clinic, beginning.id, theirs, bytes.subarray(theirs, theirs + 100_000));
    };
    const good = call;
    const sent: number[] = [];
    let first = true;
    call = async (request) => {
      if (request.method === 'PATCH') {
        if (first) await takePiece();
        first = false;
        sent.push(Number(request.headers['Upload-Offset']));
      }
      return good(request);
    };
    const wait = async (): Promise<void> => {
      waits.push(1);
      if (waits.length < 3) await takePiece();
    };
    expect(await uploadBlob(hub, source, { ...parts, wait })).toEqual({ kind: 'done' });
    expect(waits.length).toBe(3);
    expect(sent.slice(0, 2)).toEqual([0, 300_000]);
    expect(await stored()).toBe(blob.sha256);
  });

  it('of which somebody else sent a wrong part is sent once more, whole', async () => {
    const beginning = await store.begin(clinic, blob);
    if (beginning.kind !== 'upload') throw new TypeError('stored');
    await store.append(clinic, beginning.id, 0, new Uint8Array(50_000));
    expect(await uploadBlob(hub, source, parts)).toEqual({ kind: 'done' });
    expect(await stored()).toBe(blob.sha256);
  });

  it('of bytes that are not what they are called is refused', async () => {
    const wrong = { ...source, bytes: async (from: number, to: number) => new Uint8Array(to - from) };
    expect(await uploadBlob(hub, wrong, parts)).toEqual({ kind: 'refused', code: 'blob.hash-mismatch' });
    expect(await store.find(clinic, blob.sha256)).toBeUndefined();
  });

  it.each([
    [401, undefined, { kind: 'refused', code: 'account.signed-out' }],
    [403, 'sync.revoked-device', { kind: 'refused', code: 'sync.revoked-device' }],
    [507, 'storage.full', { kind: 'later', code: 'storage.full' }],
    [502, undefined, { kind: 'later', code: 'network.unreachable' }],
  ])('ends with what the hub says: %i %s', async (status, code, outcome) => {
    const body = new TextEncoder().encode(code === undefined ? '<html>' : JSON.stringify({ code }));
    call = async () => ({ status, header: () => undefined, body });
    expect(await uploadBlob(hub, source, parts)).toEqual(outcome);
  });

  it('waits as long as the hub asks it to', async () => {
    const good = call;
    let refusals = 1;
    call = async (request) =>
      refusals-- > 0
        ? {
            status: 429,
            header: (name) => (name === 'Retry-After' ? '77' : undefined),
            body: new Uint8Array(0),
          }
        : good(request);
    expect(await uploadBlob(hub, source, parts)).toEqual({ kind: 'done' });
    expect(waits).toEqual([77_000]);
  });

  it('goes to no address but the hub’s own', async () => {
    const asked: string[] = [];
    call = async ({ path }) => {
      asked.push(path);
      const location = 'https://evil.example/take';
      const body = new TextEncoder().encode(JSON.stringify({ state: 'upload', location, offset: 0 }));
      return { status: 201, header: () => undefined, body };
    };
    expect((await uploadBlob(hub, source, parts)).kind).toBe('later');
    expect(new Set(asked)).toEqual(new Set(['/api/v1/blobs']));
  });

  it('does not go round in circles with a hub that forgets every upload', async () => {
    const good = call;
    const body = new TextEncoder().encode(JSON.stringify({ code: 'blob.no-upload' }));
    call = async (request) =>
      request.method === 'POST' ? good(request) : { status: 404, header: () => undefined, body };
    expect(await uploadBlob(hub, source, parts)).toEqual({ kind: 'later', code: 'blob.no-upload' });
  });
});

describe('a download', () => {
  beforeEach(async () => {
    await uploadBlob(hub, source, parts);
  });

  it.each(Array.from({ length: 8 }, (_, seed) => seed + 1))(
    'arrives over a bad line, seed %i',
    async (seed) => {
      badLine(seed, 0.2);
      const { sink, state } = memorySink();
      const outcome = await downloadBlob(hub, blob.sha256, sink, {
        ...parts,
        mostFailures: 40,
        startHash: () => createHash('sha256'),
      });
      expect(outcome).toEqual({ kind: 'done' });
      expect([state.finished, sha256Of(state.kept())]).toEqual([true, blob.sha256]);
    },
  );

  it.each([1, 100_000, mib + 1, bytes.length - 1, bytes.length])('goes on after %i bytes', async (held) => {
    const { sink, state } = memorySink(bytes.subarray(0, held));
    let asked = 0;
    const good = call;
    call = async (request) => {
      const answer = await good(request);
      asked += answer.body.length;
      return answer;
    };
    expect(await download(sink)).toEqual({ kind: 'done' });
    expect(sha256Of(state.kept())).toBe(blob.sha256);
    expect(asked).toBe(bytes.length - held + 1);
  });

  it('starts again when what was there is not the beginning of it, or too long', async () => {
    for (const wrong of [new Uint8Array(5000), new Uint8Array(bytes.length + 5)]) {
      const { sink, state } = memorySink(wrong);
      expect(await download(sink)).toEqual({ kind: 'done' });
      expect([state.discards, sha256Of(state.kept())]).toEqual([1, blob.sha256]);
    }
  });

  it('is never finished with bytes that are not what they are called', async () => {
    const good = call;
    call = async (request) => {
      const answer = await good(request);
      answer.body[0]! ^= 1;
      return answer;
    };
    const { sink, state } = memorySink();
    expect(await download(sink)).toEqual({ kind: 'refused', code: 'blob.hash-mismatch' });
    expect([state.finished, state.kept().length]).toEqual([false, 0]);
  });

  it('asks its place again after the device could not write', async () => {
    const { sink, state } = memorySink();
    let fails = 2;
    const append = async (part: Uint8Array): Promise<void> => {
      if (fails-- > 0) {
        await sink.append(part.subarray(0, 1000));
        throw new AppError('storage.full', 'no room');
      }
      await sink.append(part);
    };
    expect(await download({ ...sink, append })).toEqual({ kind: 'done' });
    expect(sha256Of(state.kept())).toBe(blob.sha256);
  });

  it('says that the hub does not have it', async () => {
    const outcome = await downloadBlob(hub, '0'.repeat(64), memorySink().sink, {
      ...parts,
      startHash: () => createHash('sha256'),
    });
    expect(outcome).toEqual({ kind: 'refused', code: 'blob.unknown' });
  });
});
