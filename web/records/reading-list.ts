import type { LocalReading } from '../data/local-readings.ts';
import type { Reading, RecordSummary } from '../data/reading.ts';
import type { ShortImage, ShortResult, ShortRow } from '../data/short-rows.ts';

/** Images of the log with what was found in each. */
export interface ListedImages {
  readonly images: ReadonlyMap<string, ShortImage>;
  /** By image; the newest of its results. */
  readonly results: ReadonlyMap<string, ShortResult>;
}

export function listedImages(shorts: readonly ShortRow[]): ListedImages {
  const images = new Map<string, ShortImage>();
  const results = new Map<string, ShortResult>();
  for (const short of shorts) {
    if (short.table === 'images') images.set(short.key, short);
    else if ((results.get(short.image)?.addedAt ?? -Infinity) < short.addedAt)
      results.set(short.image, short);
  }
  return { images, results };
}

/** Everything that is to be seen on this device, newest first: what was opened here, and images that were read elsewhere. */
export function readingList(locals: readonly LocalReading[], listed: ListedImages): readonly Reading[] {
  const newestFirst = locals.toSorted((a, b) => b.reading.addedAt - a.reading.addedAt);
  const here = new Set<string>();
  const list: Reading[] = [];
  for (const local of newestFirst) {
    const { identity } = local;
    // Opened twice, it is one image.
    if (identity !== undefined && here.has(identity)) continue;
    if (identity !== undefined) here.add(identity);
    const image = identity === undefined ? undefined : listed.images.get(identity);
    if (image?.shown === false && local.recorded === true) continue;
    list.push(localReading(local, image));
  }
  for (const image of listed.images.values()) {
    if (image.shown && !here.has(image.key))
      list.push(readingElsewhere(image, listed.results.get(image.key)));
  }
  return list.toSorted((a, b) => b.addedAt - a.addedAt);
}

export function localReading({ reading }: LocalReading, image: ShortImage | undefined): Reading {
  return image === undefined ? reading : { ...reading, record: recordOf(image, false) };
}

/** An image that this device knows from the log alone. */
export function readingElsewhere(image: ShortImage, result: ShortResult | undefined): Reading {
  return {
    id: image.key,
    fileName: image.fileName ?? `X-ray ${image.key.slice(0, 8)}`,
    bytes: image.file?.bytes ?? 0,
    addedAt: image.addedAt,
    attempts: 0,
    ...(result?.summary ?? notRead),
    record: recordOf(image, true),
  };
}

const notRead = {
  state: 'failed',
  synthetic: false,
  findings: [],
  problem: 'It came without a result.',
} as const satisfies Partial<Reading>;

function recordOf({ patients, review }: ShortImage, elsewhere: boolean): RecordSummary {
  return {
    patients,
    review,
    elsewhere,
  };
}
