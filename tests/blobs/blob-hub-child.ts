import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { createDiskStore } from '../../server/blobs/disk-store.ts';
import { blobApp } from './blob-app.ts';
import { testVault } from './test-vault.ts';

/** A hub for files alone, as a process that can be killed: `node blob-hub-child.ts FOLDER` writes its port. */

const folder = process.argv[2];
if (folder === undefined) throw new TypeError('a folder is needed');
const app = blobApp(createDiskStore({ folder, keys: testVault(), now: () => Date.now() }));
const answer = getRequestListener(app.fetch);
const server = createServer((request, response) => void answer(request, response));
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
