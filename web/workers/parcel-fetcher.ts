import { parcels } from 'virtual:parcels';
import { AppError } from '../../shared/kernel/errors.ts';
import { openChunkStore } from '../data/chunk-store.ts';
import { fetchParcel, type ParcelSource } from '../data/fetch-parcel.ts';
import type { OpenProgress } from '../engine/analysis-api.ts';
import type { Parcel } from '../engine/parcels.ts';
import { fetchChunk, untilWorthTrying, webSha256 } from './hub-chunks.ts';

export interface ParcelFetcher {
  /** Adds to what the person is told will be fetched. */
  plan(names: readonly string[]): void;
  fetch(name: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Whether everything fetched so far is kept on this device. */
  allKept(): boolean;
  /** Forgets the chunks of earlier versions. */
  tidy(): Promise<void>;
}

function parcelNamed(name: string): Parcel {
  const parcel = parcels.find((candidate) => candidate.name === name);
  if (parcel === undefined) throw new AppError('model.missing', `${name} is not part of this page`);
  return parcel;
}

function inWords(name: string): string {
  if (name.startsWith('runtime/')) return 'the program that computes';
  return name.includes('lungs') ? 'the model for the lungs' : 'the model for the findings';
}

/** Tabs take turns: the second finds in the store what the first has fetched. */
const exclusively: ParcelSource['exclusively'] = async (sha256, work) =>
  navigator.locks.request(`fieldray-chunk-${sha256}`, work);

export function createParcelFetcher(onProgress: (progress: OpenProgress) => void): ParcelFetcher {
  const store = openChunkStore();
  const planned = new Map<string, number>();
  let kept = true;

  function report(name: string, isWaiting: boolean): void {
    let loadedBytes = 0;
    let totalBytes = 0;
    for (const [each, loaded] of planned) {
      loadedBytes += loaded;
      totalBytes += parcelNamed(each).bytes;
    }
    const progress = { what: inWords(name), loadedBytes, totalBytes };
    onProgress({ step: 'fetch', progress, waitingForNetwork: isWaiting });
  }

  return {
    plan(names) {
      for (const name of names) if (!planned.has(name)) planned.set(name, 0);
    },
    async fetch(name) {
      const parcel = parcelNamed(name);
      if (!planned.has(name)) planned.set(name, 0);
      const events = {
        loaded: (bytes: number) => {
          planned.set(name, bytes);
          report(name, false);
        },
        waiting: (isWaiting: boolean) => report(name, isWaiting),
      };
      const source = { store, sha256: webSha256, fetchChunk, exclusively, untilWorthTrying };
      const fetched = await fetchParcel(parcel, source, events);
      kept &&= fetched.kept;
      return fetched.bytes;
    },
    allKept: () => kept,
    tidy: () => store.keepOnly(new Set(parcels.flatMap(({ chunks }) => chunks.map(({ sha256 }) => sha256)))),
  };
}
