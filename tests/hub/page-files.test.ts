import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageFiles } from '../../server/entry/page-files.ts';
import { pageHeaders } from '../../shared/api/page-headers.ts';
import { precompress } from '../../web/build/precompress.ts';
import { hubApp } from './hub-app.ts';

const long = 'export const a = 1;\n'.repeat(50);
const noise = crypto.getRandomValues(new Uint8Array(2000));
const files: Record<string, string | Uint8Array> = {
  'index.html': `<!doctype html>${long}`,
  'verify.html': `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-x'" />`,
  'service-worker.js': long,
  'manifest.webmanifest': `{"a": "${'x'.repeat(200)}"}`,
  'icon.svg': `<svg>${' '.repeat(200)}</svg>`,
  'icons/icon-192.png': noise,
  'assets/page-a1.js': long,
  'assets/glue-a1.mjs': long,
  'assets/codec-a1.wasm': long,
  'parcels/aa.bin': long,
  'parcels/bb.bin': noise,
};

describe('the files of the page', () => {
  let folder: string;
  let ask: (path: string, encoding?: string) => Promise<Response>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fieldray-page-'));
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    await precompress(folder);
    const { app } = hubApp({ page: pageFiles(folder)! });
    ask = async (path, encoding = 'gzip, deflate, br, zstd') =>
      app.request(`http://127.0.0.1:8787${path}`, { headers: { 'Accept-Encoding': encoding } });
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each([
    ['/', 'text/html', 'no-cache', 'br'],
    ['/index.html', 'text/html', 'no-cache', 'br'],
    ['/service-worker.js', 'text/javascript', 'no-cache', 'br'],
    ['/manifest.webmanifest', 'application/manifest+json', 'no-cache', 'br'],
    ['/icon.svg', 'image/svg+xml', 'no-cache', 'br'],
    ['/icons/icon-192.png', 'image/png', 'no-cache', null],
    ['/assets/page-a1.js', 'text/javascript', 'immutable', 'br'],
    ['/assets/glue-a1.mjs', 'text/javascript', 'immutable', 'br'],
    ['/assets/codec-a1.wasm', 'application/wasm', 'immutable', 'br'],
    ['/parcels/aa.bin', 'application/octet-stream', 'immutable', 'br'],
    ['/parcels/bb.bin', 'application/octet-stream', 'immutable', null],
  ])('%s comes as %s, %s, encoding %s', async (path, type, caching, encoding) => {
    const { status, headers } = await ask(path);
    expect(status).toBe(200);
    expect(headers.get('Content-Type')?.split(';')[0]).toBe(type);
    expect(headers.get('Cache-Control')).toContain(caching);
    expect(headers.get('Content-Encoding')).toBe(encoding);
    expect(headers.get('Vary')).toBe('Accept-Encoding');
    expect(Object.fromEntries(headers)).toMatchObject(lowerCase(pageHeaders));
  });

  it('are what they were when they are unpacked, and come plain to those who ask for it', async () => {
    const inBytes = async (encoding: string): Promise<Buffer> =>
      Buffer.from(await (await ask('/assets/page-a1.js', encoding)).arrayBuffer());
    expect(brotliDecompressSync(await inBytes('br')).toString()).toBe(long);
    expect(gunzipSync(await inBytes('gzip')).toString()).toBe(long);
    expect((await inBytes('identity')).toString()).toBe(long);
  });

  it.each(['/readings/1', '/assets/none.js', '/parcels/none.bin', '/assets/%2e%2e%2findex.html'])(
    'do not include %s',
    async (path) => expect((await ask(path)).status).toBe(404),
  );

  it('are none as long as nothing has been built', () => expect(pageFiles('/nowhere')).toBeUndefined());

  it('leave the page that verifies exports its own, narrower policy', async () => {
    const policy = (await ask('/verify.html')).headers.get('Content-Security-Policy');
    expect(policy).toBe("default-src 'none'; script-src 'sha256-x'; frame-ancestors 'none'");
    const others = (await ask('/')).headers.get('Content-Security-Policy');
    expect(others).toBe(pageHeaders['Content-Security-Policy']);
  });
});

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
