import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@libsql/client';
import type { Database } from '../../../server/store/database.ts';
import type { LibsqlClient } from '../../../server/store/libsql-database.ts';
import { openFile } from '../../../server/store/open-file.ts';
import { type Journal, readJournal } from './journal-file.ts';

/** What the disk can hold of one commit. */
export interface Commit {
  /** The database before it. */
  readonly before: Uint8Array;
  /** The database when all statements had run: other than `before` where changed pages did not fit into the cache. */
  readonly during: Uint8Array;
  readonly journal: Journal;
  readonly after: Uint8Array;
}

export interface CaptureOptions {
  readonly folder: string;
  /** Pages in the writer's cache for the `number`-th commit; a few make SQLite write to the database before the commit. */
  readonly cachePages: (number: number) => number;
  readonly work: (database: Database) => Promise<void>;
}

/** The images are made by the order of writes that these settings mean. */
async function checkSettings(client: LibsqlClient): Promise<void> {
  const valueOf = async (name: string): Promise<unknown> =>
    (await client.execute(`PRAGMA ${name}`)).rows[0]?.[name];
  const isAsAssumed = (await valueOf('journal_mode')) === 'truncate' && (await valueOf('synchronous')) === 2;
  if (!isAsAssumed) throw new TypeError('the store is not opened with TRUNCATE and FULL');
}

/**
 * Lets `work` write through the production store, and copies database and journal before, in and after each commit. The
 * statements of a batch run as the client runs them, only that a copy is taken before COMMIT.
 */
export async function captureCommits({ folder, cachePages, work }: CaptureOptions): Promise<Commit[]> {
  const path = join(folder, 'captured.db');
  const commits: Commit[] = [];
  const wrap = (client: LibsqlClient): LibsqlClient => ({
    execute: (statement) => client.execute(statement),
    close: () => client.close(),
    async batch(statements) {
      if (commits.length === 0) await checkSettings(client);
      await client.execute(`PRAGMA cache_size = ${cachePages(commits.length)}`);
      const before = new Uint8Array(await readFile(path));
      const transaction = await (client as Client).transaction('write');
      // The counter of changes on page 1 moves with the commit; so that its page is in the journal by then.
      await transaction.execute(`PRAGMA user_version = ${commits.length + 1}`);
      const results = [];
      for (const statement of statements as Parameters<Client['execute']>[0][]) {
        results.push(await transaction.execute(statement));
      }
      const during = new Uint8Array(await readFile(path));
      const journal = readJournal(new Uint8Array(await readFile(`${path}-journal`)));
      await transaction.commit();
      commits.push({ before, during, journal, after: new Uint8Array(await readFile(path)) });
      return results;
    },
  });
  const database = await openFile(path, wrap);
  await work(database);
  await database.close();
  return commits;
}
