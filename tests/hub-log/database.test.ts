import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFile, openFileOnThread } from '../../server/store/open-file.ts';
import { openRemote } from '../../server/store/open-remote.ts';
import { databaseContract } from './database.contract.ts';
import { startSqld, withSqld } from './start-sqld.ts';

databaseContract('in a file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fieldray-store-'));
  return { database: await openFile(join(folder, 'hub.db')), stop: () => rm(folder, { recursive: true }) };
});

databaseContract('in a file, on a thread', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fieldray-store-'));
  const database = await openFileOnThread(join(folder, 'hub.db'));
  return { database, stop: () => rm(folder, { recursive: true }) };
});

withSqld(() =>
  databaseContract('over HTTP', async () => {
    const { url, stop } = await startSqld();
    return { database: openRemote({ url }), stop };
  }),
);
