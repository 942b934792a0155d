import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../shared/kernel/errors.ts';
import type { Parcel } from '../engine/parcels.ts';
import type { ChunkStore } from './chunk-store.ts';
import { fetchParcel, type ParcelSource } from './fetch-parcel.ts';

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const file = Uint8Array.from({ length: 25 }, (_, index) => index * 7);
const cuts = [file.slice(0, 10), file.slice(10, 20), file.slice(20)];
const parcel: Parcel = {
  name: 'models/test/model.onnx',
  sha256: hashOf(file),
  bytes: file.length,
  chunks: cuts.map((bytes) => ({ sha256: hashOf(bytes), bytes: bytes.length })),
};
const served = new Map(cuts.map((bytes) => [hashOf(bytes), bytes]));

const indexOf = (sha256: string): number => parcel.chunks.findIndex((chunk) => chunk.sha256 === sha256);

interface Situation {
  /** What the n-th request of all gets instead of the chunk. */
  readonly answers?: Record<number, () => Uint8Array<ArrayBuffer>>;
  readonly stored?: Map<string, Uint8Array<ArrayBuffer>>;
  readonly put?: ChunkStore['put'];
  readonly exclusively?: ParcelSource['exclusively'];
}

function situation({ answers = {}, stored = new Map(), put, exclusively }: Situation) {
  const requests: string[] = [];
  const events: string[] = [];
  const source: ParcelSource = {
    sha256: async (bytes) => hashOf(bytes),
    store: {
      get: async (sha256) => stored.get(sha256),
      put: put ?? (async (sha256, bytes) => void stored.set(sha256, bytes.slice())),
      remove: async (sha256) => void stored.delete(sha256),
      keepOnly: async () => undefined,
    },
    fetchChunk: async (sha256) => {
      requests.push(sha256);
      const bytes = (answers[requests.length] ?? (() => served.get(sha256)!))();
      return bytes.slice();
    },
    exclusively: exclusively ?? ((_, work) => work()),
    untilWorthTrying: async (failures) => void events.push(`tried again after failure ${failures}`),
  };
  const watcher = {
    loaded: (bytes: number) => void events.push(`${bytes}`),
    waiting: (isWaiting: boolean) => void events.push(isWaiting ? 'waiting' : 'goes on'),
  };
  return { fetch: () => fetchParcel(parcel, source, watcher), requests, events, stored };
}

const unreachable = (): never => {
  throw new AppError('network.unreachable', 'connection refused');
};
const damaged = (): Uint8Array<ArrayBuffer> => new Uint8Array(10);

describe('fetchParcel', () => {
  it('fetches each chunk once, keeps it, and needs no hub the next time', async () => {
    const { fetch, requests, events } = situation({});
    expect(await fetch()).toEqual({ bytes: file, kept: true });
    expect(events).toEqual(['10', '20', '25']);
    expect(await fetch()).toEqual({ bytes: file, kept: true });
    expect(requests).toHaveLength(3);
  });

  it('waits for a hub that is gone and goes on where it stopped', async () => {
    const { fetch, requests, events } = situation({ answers: { 2: unreachable, 3: unreachable } });
    expect((await fetch()).bytes).toEqual(file);
    expect(requests.map(indexOf)).toEqual([0, 1, 1, 1, 2]);
    expect(events).toEqual([
      '10',
      'waiting',
      'tried again after failure 1',
      'waiting',
      'tried again after failure 2',
      'goes on',
      '20',
      '25',
    ]);
  });

  it('asks again for a chunk that was damaged on its way', async () => {
    const { fetch, requests } = situation({ answers: { 1: damaged, 2: () => damaged().subarray(0, 3) } });
    expect((await fetch()).bytes).toEqual(file);
    expect(requests.map(indexOf)).toEqual([0, 0, 0, 1, 2]);
  });

  it('gives up on a chunk that stays damaged, and keeps none of it', async () => {
    const { fetch, stored } = situation({ answers: { 2: damaged, 3: damaged, 4: damaged } });
    await expect(fetch()).rejects.toMatchObject({ code: 'model.hash-mismatch' });
    expect([...stored.keys()]).toEqual([parcel.chunks[0]!.sha256]);
  });

  it('replaces a chunk that was damaged on the disk', async () => {
    const stored = new Map(served);
    stored.set(parcel.chunks[1]!.sha256, new Uint8Array(10));
    const { fetch, requests } = situation({ stored });
    expect(await fetch()).toEqual({ bytes: file, kept: true });
    expect(requests.map(indexOf)).toEqual([1]);
    expect(stored.get(parcel.chunks[1]!.sha256)).toEqual(cuts[1]);
  });

  it('works without room on the device, and says that nothing was kept', async () => {
    const put = async (): Promise<never> => {
      throw new AppError('storage.full', 'quota');
    };
    const { fetch } = situation({ put });
    expect(await fetch()).toEqual({ bytes: file, kept: false });
  });

  it('takes from the store what another tab has fetched while it waited for its turn', async () => {
    const stored = new Map<string, Uint8Array<ArrayBuffer>>();
    const exclusively: ParcelSource['exclusively'] = (sha256, work) => {
      stored.set(sha256, served.get(sha256)!);
      return work();
    };
    const { fetch, requests } = situation({ stored, exclusively });
    expect(await fetch()).toEqual({ bytes: file, kept: true });
    expect(requests).toEqual([]);
  });

  it('does not wait for what the hub has no more', async () => {
    const outdated = (): never => {
      throw new AppError('page.outdated', '404');
    };
    await expect(situation({ answers: { 1: outdated } }).fetch()).rejects.toMatchObject({
      code: 'page.outdated',
    });
  });
});
