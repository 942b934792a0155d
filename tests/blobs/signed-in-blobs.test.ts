import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDiskStore } from '../../server/blobs/disk-store.ts';
import { blobEndpoints } from '../../shared/api/blobs.ts';
import { asDoctor, hubApp } from '../hub/hub-app.ts';
import { aBlob, sha256Of } from './blob-store.contract.ts';
import { removeFolder, tempFolder } from './temp-folder.ts';
import { testVault } from './test-vault.ts';

/** Files through the whole app: its table of endpoints, its rights and its limits. */

let folder: string;
let app: ReturnType<typeof hubApp>['app'];
let logged: string[];
beforeAll(async () => {
  folder = await tempFolder();
  const blobs = createDiskStore({ folder, keys: testVault(), now: () => Date.UTC(2026, 0, 1) });
  ({ app, logged } = hubApp({ blobs }));
});
afterAll(() => removeFolder(folder));

const { bytes, blob } = aBlob(31, 50_000);

async function ask(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string | Uint8Array,
) {
  return app.request(`http://127.0.0.1${path}`, {
    method,
    headers: { ...asDoctor, 'Tus-Resumable': '1.0.0', ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : body.slice() }),
  });
}

function piece(from: number, to: number): readonly [Record<string, string>, Uint8Array] {
  const part = bytes.subarray(from, to);
  const headers = {
    'Content-Type': 'application/offset+octet-stream',
    'Content-Length': String(part.length),
    'Upload-Offset': String(from),
    'Upload-Checksum': `sha256 ${createHash('sha256').update(part).digest('base64')}`,
  };
  return [headers, part];
}

it('go there and back for somebody who is signed in', async () => {
  const json = { 'Content-Type': 'application/json' };
  const begun = await ask('POST', '/api/v1/blobs', json, JSON.stringify(blob));
  expect(begun.status).toBe(201);
  const { location } = (await begun.json()) as { location: string };
  expect((await ask('PATCH', location, ...piece(0, 20_000))).status).toBe(204);
  const state = await ask('HEAD', location);
  expect([state.status, state.headers.get('Upload-Offset')]).toEqual([200, '20000']);
  expect((await ask('PATCH', location, ...piece(20_000, 50_000))).headers.get('Upload-Offset')).toBe('50000');
  const answer = await ask('GET', `/api/v1/blobs/${blob.sha256}`);
  expect(sha256Of(new Uint8Array(await answer.arrayBuffer()))).toBe(blob.sha256);
  expect(answer.headers.get('Cache-Control')).toBe('no-store');
  expect(answer.headers.get('X-Content-Type-Options')).toBe('nosniff');
});

it('are for nobody who is not', async () => {
  const id = '0'.repeat(64);
  for (const { method, path } of blobEndpoints) {
    const address = path.replace(/:\w+/, id);
    expect((await ask(method, address, { Authorization: '' })).status, `${method} ${path}`).toBe(401);
  }
});

it('leave nothing of themselves in the log', () => {
  expect(logged.length).toBeGreaterThan(4);
  expect(logged.filter((line) => line.includes(blob.sha256))).toEqual([]);
});

it('have no address but the ones in the table', async () => {
  expect((await ask('GET', `/api/v1/blobs/uploads/${'0'.repeat(64)}`)).status).toBe(404);
  expect((await ask('DELETE', `/api/v1/blobs/${blob.sha256}`)).status).toBe(404);
});
