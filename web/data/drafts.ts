import type { Json } from '../../shared/kernel/canonical-json.ts';
import { utf8 } from '../../shared/kernel/bytes.ts';
import type { RecordSealer } from './record-sealer.ts';
import type { RecordsDatabase } from './records-database.ts';
import { translated } from './stored-failure.ts';

/** What a person has begun and not signed: it belongs to this device, is no record yet, and concerns a patient all the same. */
export interface Drafts {
  /** @throws AppError `storage.*`, as below */
  get(name: string): Promise<Json | undefined>;
  /** On the disk when it resolves; undefined takes it away. @param name says nothing about anybody: an image's identity */
  put(name: string, draft: Json | undefined): Promise<void>;
}

const draftPlace = (name: string): string => `records.drafts:1\n${name}`;

export function openDrafts({ drafts }: Pick<RecordsDatabase, 'drafts'>, sealer: RecordSealer): Drafts {
  return {
    async get(name) {
      const held = await translated(async () => drafts.get(name));
      if (held === undefined) return undefined;
      const text = new TextDecoder('utf-8', { fatal: true }).decode(
        await sealer.open(held.sealed, draftPlace(name)),
      );
      return JSON.parse(text) as Json;
    },
    async put(name, draft) {
      const sealed =
        draft === undefined ? undefined : await sealer.seal(utf8(JSON.stringify(draft)), draftPlace(name));
      await translated<unknown>(async () =>
        sealed === undefined ? drafts.delete(name) : drafts.put({ name, sealed }),
      );
    },
  };
}
