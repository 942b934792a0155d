import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFile } from '../../server/store/open-file.ts';
import { openRemote } from '../../server/store/open-remote.ts';
import { hubLogContract } from './hub-log.contract.ts';
import { startSqld } from './start-sqld.ts';

hubLogContract('in a file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fieldray-log-'));
  return { database: await openFile(join(folder, 'hub.db')), stop: () => rm(folder, { recursive: true }) };
});

hubLogContract('over HTTP', async () => {
  const { url, stop } = await startSqld();
  return { database: openRemote({ url }), stop };
});
