import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFile } from '../../server/store/open-file.ts';
import { openRemote } from '../../server/store/open-remote.ts';
import { hubLogContract } from './hub-log.contract.ts';
import { hubRestoresContract } from './hub-restores.contract.ts';
import type { OpenDatabase } from './hub-under-test.ts';
import { startSqld, withSqld } from './start-sqld.ts';

const inFile: OpenDatabase = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fieldray-log-'));
  return { database: await openFile(join(folder, 'hub.db')), stop: () => rm(folder, { recursive: true }) };
};

const overHttp: OpenDatabase = async () => {
  const { url, stop } = await startSqld();
  return { database: openRemote({ url }), stop };
};

hubLogContract('in a file', inFile);
hubRestoresContract('in a file', inFile);

withSqld(() => {
  hubLogContract('over HTTP', overHttp);
  hubRestoresContract('over HTTP', overHttp);
});
