import type { BlobRef } from '../../shared/log/device-store.ts';
import { firstOf } from '../../shared/log/fold/image-state.ts';
import type { Row } from '../../shared/log/fold/tables.ts';
import type { Outcome, Reading } from '../data/reading.ts';
import { analysisOf } from '../data/short-rows.ts';
import type { DeskParts } from './desk-parts.ts';
import { type ListedImages, listedImages, localReading, readingElsewhere } from './reading-list.ts';

/** What an id stands for: a reading of this device, or the identity of a picture of the log. */
export interface DeskLookup {
  listed(): Promise<ListedImages>;
  /** Undefined for what has none, or none yet. */
  identityOf(id: string): Promise<string | undefined>;
  imageRow(identity: string | undefined): Promise<Row<'images'> | undefined>;
  resultKeys(identity: string): Promise<string[]>;
  fileOf(id: string): Promise<BlobRef | undefined>;
  /** Undefined also for what was taken away. */
  reading(id: string): Promise<{ readonly reading: Reading; readonly outcome?: Outcome } | undefined>;
}

export function openDeskLookup({ store, readings, shorts }: DeskParts): DeskLookup {
  const listed = async (): Promise<ListedImages> => listedImages(await shorts.all());
  const isIdentity = (id: string): boolean => /^[0-9a-f]{64}$/.test(id);

  async function imageRow(identity: string | undefined): Promise<Row<'images'> | undefined> {
    return identity === undefined ? undefined : store.row('images', identity);
  }

  /** What the id says of the log. */
  async function identityOf(id: string): Promise<string | undefined> {
    const local = await readings.get(id);
    return local === undefined ? (isIdentity(id) ? id : undefined) : local.identity;
  }

  const resultKeys = async (identity: string): Promise<string[]> =>
    (await shorts.all()).flatMap((short) =>
      short.table === 'results' && short.image === identity ? [short.key] : [],
    );

  /** The newest result that the log has. */
  async function recordedOutcome(identity: string, fileName: string): Promise<Outcome | undefined> {
    const newest = (await listed()).results.get(identity);
    const row = newest && (await store.row('results', newest.key));
    const [h] = row === undefined ? [] : firstOf(row.clear.added);
    const analysis = h === undefined ? undefined : analysisOf(row?.personal[h]);
    return analysis && { analysis: { ...analysis, file: fileName } };
  }

  async function fileOf(id: string): Promise<BlobRef | undefined> {
    const local = await readings.get(id);
    if (local !== undefined) return local.file;
    return isIdentity(id) ? (await listed()).images.get(id)?.file : undefined;
  }

  return {
    listed,
    identityOf,
    imageRow,
    resultKeys,
    fileOf,
    async reading(id) {
      const local = await readings.get(id);
      const { images, results } = await listed();
      if (local !== undefined) {
        const image = local.identity === undefined ? undefined : images.get(local.identity);
        if (image?.shown === false && local.recorded === true) return undefined;
        const outcome =
          (await readings.outcome(id)) ??
          (local.identity === undefined
            ? undefined
            : await recordedOutcome(local.identity, local.reading.fileName));
        return { reading: localReading(local, image), ...(outcome && { outcome }) };
      }
      const image = images.get(id);
      if (image?.shown !== true) return undefined;
      const reading = readingElsewhere(image, results.get(id));
      const outcome = await recordedOutcome(id, reading.fileName);
      return { reading, ...(outcome && { outcome }) };
    },
  };
}
