import { Dexie } from 'dexie';
import { AppError, type ErrorCode } from '../../shared/kernel/errors.ts';
import type { DeviceIdentity } from '../../shared/log/device-store.ts';
import { newDeviceState } from '../../shared/log/memory-device-tables.ts';
import type { RecordSealer } from './record-sealer.ts';
import { openRecordsDatabase, type RecordsDatabase, recordsDatabaseName } from './records-database.ts';
import { gatherUnsynced, openableBodies, type Unsent } from './gather-unsynced.ts';
import { storageError, translated } from './stored-failure.ts';

/** The database of the records as a whole, whatever lies in it. */
export interface RecordsHome {
  /** Whether some device's records lie there, as far as that is seen without a key. @throws AppError `storage.*` */
  look(): Promise<'held' | 'empty'>;
  /**
   * Makes it this device's, with nothing in it but what the hub does not have and can still be read: that is sent again. Where
   * it cannot be written it is deleted and made anew. @throws AppError `storage.*`
   */
  makeAnew(identity: DeviceIdentity, sealer: RecordSealer): Promise<void>;
  /** Deletes it. */
  forget(): Promise<void>;
}

/** A browser that has lost the connection to its disk for a moment is no reason to delete anything. */
const mostTries = 3;
const pauseMs = 500;
/** Nor are these: what lies there is sound. */
const kept: ReadonlySet<string> = new Set<ErrorCode>(['storage.full', 'storage.newer']);

export function recordsHome(): RecordsHome {
  async function opened<Result>(work: (database: RecordsDatabase) => Promise<Result>): Promise<Result> {
    const database = openRecordsDatabase();
    try {
      await database.open();
      return await work(database);
    } finally {
      database.close();
    }
  }
  const forget = (): Promise<void> => translated(() => Dexie.delete(recordsDatabaseName));

  return {
    look: () => opened(lookAt),
    async makeAnew(identity, sealer) {
      let unsent: Unsent | undefined;
      for (let tries = 1; ; tries++) {
        try {
          return await opened(async (database) => {
            unsent = await openableBodies(await gatherUnsynced(database), sealer);
            await replaceAll(database, identity, unsent);
          });
        } catch (error) {
          if (error instanceof AppError && kept.has(error.code)) throw error;
          if (tries === mostTries) break;
          await new Promise((resolve) => setTimeout(resolve, pauseMs));
        }
      }
      await forget();
      await opened((database) => replaceAll(database, identity, unsent));
    },
    forget,
  };
}

/** What fits together in a sound store: the state, the end of the chain, and as many entries as were taken, in both orders. */
async function lookAt(database: RecordsDatabase): Promise<'held' | 'empty'> {
  const { meta, entries } = database;
  const { held, isSound } = await translated(async () =>
    database.look(async () => {
      const found = await meta.get('state');
      const { last, cursor } = found?.state ?? { last: null, cursor: 0 };
      const count = await entries.count();
      const inChains = await entries.orderBy('[device+n]').count();
      const end = last === null ? null : await entries.get(last.h);
      return {
        held: found !== undefined,
        isSound: count >= cursor && inChains === count && end !== undefined,
      };
    }),
  );
  if (!isSound) throw new AppError('storage.damaged', 'a part of the records is gone');
  return held ? 'held' : 'empty';
}

/** Pictures, drafts and what was opened here stay. */
async function replaceAll(
  database: RecordsDatabase,
  identity: DeviceIdentity,
  unsent: Unsent | undefined,
): Promise<void> {
  const { meta, entries, bodies, heads, rows, shorts, receipts } = database;
  try {
    await database.change(async () => {
      const version = (await meta.get('state'))?.version ?? -1;
      for (const table of [meta, entries, bodies, heads, rows, shorts, receipts]) await table.clear();
      await meta.add({ id: 'state', version: version + 1, state: newDeviceState(identity) });
      await entries.bulkPut([...(unsent?.entries ?? [])]);
      await bodies.bulkPut([...(unsent?.bodies ?? [])]);
      await heads.bulkPut([...(unsent?.heads ?? [])]);
    });
  } catch (cause) {
    throw storageError(cause);
  }
}
