import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mostBlobBytes } from '../../shared/api/blobs.ts';
import { createDiskStore } from '../../server/blobs/disk-store.ts';
import { blobApp } from './blob-app.ts';
import { aBlob, clinic, mib, send, sha256Of } from './blob-store.contract.ts';
import { removeFolder, tempFolder } from './temp-folder.ts';
import { testVault } from './test-vault.ts';

let folder: string;
let store: ReturnType<typeof createDiskStore>;
let app: ReturnType<typeof blobApp>;
beforeAll(async () => {
  folder = await tempFolder();
  store = createDiskStore({ folder, keys: testVault(), now: () => Date.UTC(2026, 0, 1) });
  app = blobApp(store);
});
afterAll(() => removeFolder(folder));

interface Asked extends Omit<RequestInit, 'headers'> {
  readonly headers?: Record<string, string>;
}

const ask = async (path: string, init: Asked = {}): Promise<Response> =>
  app.request(path, { ...init, headers: { 'X-Clinic': clinic, 'Tus-Resumable': '1.0.0', ...init.headers } });

const begin = (body: object): Promise<Response> =>
  ask('/api/v1/blobs', { method: 'POST', body: JSON.stringify(body) });

function patch(path: string, offset: number, bytes: Uint8Array, headers: Record<string, string> = {}) {
  const checksum = createHash('sha256').update(bytes).digest('base64');
  return ask(path, {
    method: 'PATCH',
    body: bytes.slice(),
    headers: {
      'Content-Type': 'application/offset+octet-stream',
      'Content-Length': String(bytes.length),
      'Upload-Offset': String(offset),
      'Upload-Checksum': `sha256 ${checksum}`,
      ...headers,
    },
  });
}

const codeOf = async (answer: Response): Promise<string> => ((await answer.json()) as { code: string }).code;

describe('an upload', () => {
  it('is announced, asked for, continued and read', async () => {
    const { bytes, blob } = aBlob(1, 100_000);
    const answer = await begin(blob);
    expect(answer.status).toBe(201);
    const location = answer.headers.get('Location')!;
    expect(await answer.json()).toEqual({ state: 'upload', location, offset: 0 });
    const first = await patch(location, 0, bytes.subarray(0, 60_000));
    expect([first.status, first.headers.get('Upload-Offset')]).toEqual([204, '60000']);
    const state = await ask(location, { method: 'HEAD' });
    expect([state.status, state.headers.get('Upload-Offset'), state.headers.get('Upload-Length')]).toEqual([
      200,
      '60000',
      '100000',
    ]);
    expect(state.headers.get('Tus-Resumable')).toBe('1.0.0');
    expect(await (await begin(blob)).json()).toMatchObject({ offset: 60_000 });
    expect((await patch(location, 60_000, bytes.subarray(60_000))).headers.get('Upload-Offset')).toBe(
      '100000',
    );
    expect((await ask(location, { method: 'HEAD' })).status).toBe(404);
    const again = await begin(blob);
    expect([again.status, await again.json()]).toEqual([200, { state: 'stored' }]);
    const whole = await ask(`/api/v1/blobs/${blob.sha256}`);
    expect(sha256Of(new Uint8Array(await whole.arrayBuffer()))).toBe(blob.sha256);
  });

  it.each([
    { sha256: 'x' },
    { sha256: 'A'.repeat(64) },
    { size: 0 },
    { size: -1 },
    { size: 1.5 },
    { size: mostBlobBytes + 1 },
    { type: 'text/html' },
    { more: 1 },
  ])('is not begun with %o', async (change) => {
    expect((await begin({ ...aBlob(2, 10).blob, ...change })).status).toBe(400);
  });

  describe('refuses', () => {
    const { bytes, blob } = aBlob(3, 2 * mib);
    let location: string;
    beforeAll(async () => {
      location = (await begin(blob)).headers.get('Location')!;
    });
    const piece = bytes.subarray(0, 10_000);

    it.each([
      [409, 'blob.offset-mismatch', { 'Upload-Offset': '1' }],
      [460, 'blob.bad-digest', { 'Upload-Checksum': `sha256 ${'A'.repeat(43)}=` }],
      [400, 'request.invalid', { 'Upload-Checksum': '' }],
      [400, 'request.invalid', { 'Upload-Checksum': 'sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=' }],
      [400, 'request.invalid', { 'Upload-Offset': '-1' }],
      [400, 'request.invalid', { 'Upload-Offset': '1e3' }],
      [400, 'request.invalid', { 'Upload-Offset': '' }],
      [400, 'request.invalid', { 'Content-Length': '9999' }],
      [400, 'request.invalid', { 'Content-Length': '10001' }],
      [400, 'request.invalid', { 'Content-Length': '' }],
      [400, 'request.invalid', { 'Transfer-Encoding': 'chunked' }],
      [412, 'blob.wrong-protocol', { 'Tus-Resumable': '0.2.2' }],
      [412, 'blob.wrong-protocol', { 'Tus-Resumable': '' }],
      [415, 'blob.wrong-media-type', { 'Content-Type': 'application/octet-stream' }],
      [413, 'request.too-large', { 'Content-Length': String(mib + 1) }],
    ])('with %i %s what says %o, and keeps its place', async (status, code, headers) => {
      const answer = await patch(location, 0, piece, headers);
      expect([answer.status, await codeOf(answer)]).toEqual([status, code]);
      expect((await ask(location, { method: 'HEAD' })).headers.get('Upload-Offset')).toBe('0');
    });

    it('a whole that is not what was announced', async () => {
      const other = aBlob(4, 10_000);
      const answer = await begin({ ...other.blob, sha256: '0'.repeat(64) });
      const wrong = await patch(answer.headers.get('Location')!, 0, other.bytes);
      expect([wrong.status, await codeOf(wrong)]).toEqual([422, 'blob.hash-mismatch']);
    });

    it('another clinic, as if there were nothing', async () => {
      const foreign = { 'X-Clinic': 'another' };
      const state = await ask(location, { method: 'HEAD', headers: foreign });
      expect(state.status).toBe(404);
      expect((await patch(location, 0, piece, foreign)).status).toBe(404);
    });

    it('pieces beyond what may be in memory, and takes them when there is room again', async () => {
      const before = await ask(location, { method: 'HEAD' });
      expect(before.headers.get('Upload-Offset')).toBe('0');
      const gate = Promise.withResolvers<void>();
      const slow = { ...store, append: () => gate.promise.then(() => 0) };
      app = blobApp(slow);
      const waiting = Array.from({ length: 32 }, () => patch(location, 0, bytes.subarray(0, mib)));
      // Each has to get as far as its body before the next is asked.
      const refused = await Promise.race([...waiting, patch(location, 0, bytes.subarray(0, mib))]);
      expect([refused.status, await codeOf(refused)]).toEqual([429, 'sync.slow-down']);
      gate.resolve();
      expect(
        (await Promise.all(waiting)).filter(({ status }) => status === 204).length,
      ).toBeGreaterThanOrEqual(31);
      app = blobApp(store);
      expect((await patch(location, 0, piece)).status).toBe(204);
    });
  });
});

describe('a file', () => {
  const { bytes, blob } = aBlob(5, 2 * mib + 100);
  const path = `/api/v1/blobs/${blob.sha256}`;
  beforeAll(() => send(store, bytes, blob));

  it('comes as a download that no browser runs', async () => {
    const { status, headers } = await ask(path);
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'application/dicom',
      'content-disposition': 'attachment',
      'content-length': String(blob.size),
      'x-content-type-options': 'nosniff',
      'accept-ranges': 'bytes',
      etag: `"${blob.sha256}"`,
    });
  });

  it.each([
    ['bytes=0-99', 0, 100],
    [`bytes=${mib - 5}-${mib + 4}`, mib - 5, mib + 5],
    ['bytes=-7', blob.size - 7, blob.size],
    [`bytes=${2 * mib}-`, 2 * mib, blob.size],
  ])('comes in parts: %s', async (range, from, to) => {
    const answer = await ask(path, { headers: { Range: range } });
    expect(answer.status).toBe(206);
    expect(answer.headers.get('Content-Range')).toBe(`bytes ${from}-${to - 1}/${blob.size}`);
    expect(answer.headers.get('Content-Length')).toBe(String(to - from));
    expect(sha256Of(new Uint8Array(await answer.arrayBuffer()))).toBe(sha256Of(bytes.subarray(from, to)));
  });

  it('has no part behind its end', async () => {
    const answer = await ask(path, { headers: { Range: `bytes=${blob.size}-` } });
    expect([answer.status, answer.headers.get('Content-Range')]).toEqual([416, `bytes */${blob.size}`]);
    expect(await codeOf(answer)).toBe('blob.bad-range');
  });

  it('comes whole to whoever has a part of another one, and not again to whoever has it', async () => {
    const part = { Range: 'bytes=0-9' };
    const etag = `"${blob.sha256}"`;
    expect((await ask(path, { headers: { ...part, 'If-Range': etag } })).status).toBe(206);
    expect((await ask(path, { headers: { ...part, 'If-Range': '"other"' } })).status).toBe(200);
    expect((await ask(path, { headers: { 'If-None-Match': etag } })).status).toBe(304);
  });

  it.each([
    [404, path, { 'X-Clinic': 'another' }],
    [404, `/api/v1/blobs/${'0'.repeat(64)}`, {}],
    [400, '/api/v1/blobs/..%2f..%2fetc%2fpasswd', {}],
  ])('is %i at %s for %o', async (status, address, headers: Record<string, string>) => {
    expect((await ask(address, { headers })).status).toBe(status);
  });

  it('is read no further than its receiver takes it', async () => {
    const answer = await ask(path);
    const reader = answer.body!.getReader();
    await reader.read();
    await reader.cancel();
    expect((await ask(path)).status).toBe(200);
  });
});
