import type { DeskApi } from '../engine/desk-api.ts';
import { openDeskLookup } from './desk-lookup.ts';
import type { DeskParts } from './desk-parts.ts';
import { dropFiles } from './drop-files.ts';
import { openLocalDesk } from './local-desk.ts';
import { openRecordDesk } from './record-desk.ts';
import { isMissing, isToBeRecorded, recordReadings } from './record-readings.ts';
import { readingList } from './reading-list.ts';

/** The X-rays of an unlocked device. */
export interface ReadingDesk extends DeskApi {
  /** Records what was left, and throws away files that nothing speaks of any more. */
  tidy(): Promise<void>;
  /** Everything that the hub has is here: what is still missing of what was read here is recorded again. */
  afterSync(): Promise<void>;
}

export function openReadingDesk(parts: DeskParts): ReadingDesk {
  const { readings, files } = parts;
  const look = openDeskLookup(parts);

  async function record(): Promise<void> {
    if (!(await readings.all()).some(isToBeRecorded)) return;
    await parts.alone('record', () => recordReadings(parts));
  }

  return {
    ...openLocalDesk(parts, look, record),
    ...openRecordDesk(parts, look),
    async readings() {
      const [locals, images] = await Promise.all([readings.all(), look.listed()]);
      return readingList(locals, images);
    },
    reading: (id) => look.reading(id),
    async readingFile(id) {
      const file = await look.fileOf(id);
      if (file === undefined) return undefined;
      if (!(await files.has(file))) await parts.fetchFile(file);
      const bytes = await files.source(file).bytes(0, file.bytes);
      return bytes.buffer as ArrayBuffer;
    },
    readingThumbnail: (id) => readings.thumbnail(id),
    async afterSync() {
      const [locals, listed] = await Promise.all([readings.all(), look.listed()]);
      if (!locals.some((local) => isMissing(local, listed))) return;
      await parts.alone('record', () => recordReadings(parts, (local) => isMissing(local, listed)));
      parts.changed();
    },
    async tidy() {
      await record();
      await parts.alone('files', async () => dropFiles(parts, look, await files.names()));
    },
  };
}
