import { mediaTypeOf } from '../../shared/api/recorded-reading.ts';
import { toHex } from '../../shared/kernel/bytes.ts';
import type { DeskApi } from '../engine/desk-api.ts';
import type { LocalReading } from '../data/local-readings.ts';
import type { Reading } from '../data/reading.ts';
import { summaryOf, withExplanation } from '../data/reading-outcome.ts';
import type { DeskLookup } from './desk-lookup.ts';
import type { DeskParts } from './desk-parts.ts';
import { dropFiles } from './drop-files.ts';
import { readingElsewhere } from './reading-list.ts';

/** Until it has been read. */
const unknownType = 'application/octet-stream';

type LocalDesk = Pick<
  DeskApi,
  'addReadings' | 'takeReading' | 'finishReading' | 'keepExplanation' | 'keepThumbnail' | 'readAgain'
>;

/** Reading on this device. @param record says in the log what has been read */
export function openLocalDesk(parts: DeskParts, look: DeskLookup, record: () => Promise<void>): LocalDesk {
  const { readings, files, changed } = parts;

  /** Makes a reading of this device of one that is known from the log alone. */
  async function takeUp(id: string): Promise<LocalReading | undefined> {
    const held = await readings.get(id);
    if (held !== undefined) return held;
    const { images, results } = await look.listed();
    const image = images.get(id);
    if (image?.file === undefined) return undefined;
    const { record: _, ...reading } = readingElsewhere(image, results.get(id));
    const local = { reading, by: (await parts.person()).id, file: image.file, identity: id, recorded: true };
    await readings.add([local]);
    return local;
  }

  async function keepAll(batch: Parameters<DeskApi['addReadings']>[0], by: string): Promise<void> {
    const locals: LocalReading[] = [];
    try {
      for (const { reading, file } of batch) {
        const sha256 = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', file)));
        locals.push({ reading, by, file: { sha256, bytes: file.byteLength, type: unknownType } });
        await files.keep(sha256, new Uint8Array(file));
      }
      await readings.add(locals);
    } catch (error) {
      const names = locals.map(({ file }) => file.sha256);
      await dropFiles(parts, look, names).catch(() => undefined);
      throw error;
    }
  }

  return {
    async addReadings(batch) {
      const { id: by } = await parts.person();
      await parts.alone('files', () => keepAll(batch, by));
      changed();
    },
    async takeReading(except) {
      const gone = new Set(except);
      const open = (await readings.all()).filter(
        ({ reading: { id, state } }) => (state === 'waiting' || state === 'reading') && !gone.has(id),
      );
      const newest = open.toSorted((a, b) => b.reading.addedAt - a.reading.addedAt)[0];
      if (newest === undefined) return undefined;
      const taken = await readings.update(newest.reading.id, (held) => ({
        ...held,
        reading: { ...held.reading, state: 'reading', attempts: held.reading.attempts + 1 },
      }));
      changed();
      return taken?.reading;
    },
    async finishReading(id, outcome) {
      const { analysis } = outcome;
      const identity = analysis?.intake.status === 'refused' ? undefined : analysis?.image.identity;
      const finish = (held: LocalReading): LocalReading => ({
        ...held,
        file: { ...held.file, ...(analysis !== undefined && { type: mediaTypeOf(analysis) }) },
        reading: { ...withoutProblem(held.reading), ...summaryOf(outcome) },
        ...(identity !== undefined && { identity, recorded: false }),
      });
      await readings.update(id, finish, { outcome });
      changed();
      // It is kept and shown; what cannot be recorded now is recorded later.
      await record().catch(() => undefined);
      changed();
    },
    async keepExplanation(id, of, explanation) {
      const local = await takeUp(id);
      const { outcome } = (await look.reading(id)) ?? {};
      if (local === undefined || outcome === undefined) return;
      await readings.update(id, (held) => held, { outcome: withExplanation(outcome, of, explanation) });
      changed();
    },
    async keepThumbnail(id, thumbnail) {
      if ((await takeUp(id)) === undefined) return;
      await readings.update(id, (held) => held, { thumbnail });
      changed();
    },
    async readAgain(id) {
      await takeUp(id);
      const again = (held: LocalReading): LocalReading => ({
        ...held,
        reading: { ...withoutProblem(held.reading), state: 'waiting', attempts: 0, findings: [] },
      });
      await readings.update(id, again, { outcome: null });
      changed();
    },
  };
}

function withoutProblem(reading: Reading): Reading {
  const { problem: _, ...rest } = reading;
  return rest;
}
