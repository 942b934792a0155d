import { fileURLToPath } from 'node:url';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageParcels } from '../../web/build/page-parcels.ts';
import { chunkPath } from '../../web/engine/parcels.ts';
import { pageHeaders } from '../../shared/api/page-headers.ts';
import { sha256Hex } from '../../web/build/cut-parcel.ts';
import { hubApp } from './hub-app.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Without what belongs to one answer alone. */
function promises(response: Response): Record<string, string> {
  const own = new Headers(pageHeaders);
  return Object.fromEntries([...response.headers].filter(([name]) => own.has(name)));
}

describe('the development server', () => {
  let server: ViteDevServer;
  let address: string;
  beforeAll(async () => {
    server = await createServer({
      configFile: `${root}vite.config.ts`,
      root: `${root}web`,
      logLevel: 'error',
      server: { host: '127.0.0.1', port: 0, ws: false, watch: null, preTransformRequests: false },
      optimizeDeps: { noDiscovery: true },
    });
    await server.listen();
    address = server.resolvedUrls!.local[0]!;
  });
  afterAll(() => server.close());

  it.each(['', 'index.html', 'style.css', 'manifest.webmanifest', 'pwa/trusted-urls.ts', 'parcels/none.bin'])(
    'sends with /%s what the hub sends',
    async (path) => {
      const hub = promises(await hubApp().app.request('/'));
      expect(Object.keys(hub).length).toBe(Object.keys(pageHeaders).length);
      expect(promises(await fetch(`${address}${path}`))).toEqual(hub);
    },
  );

  it('serves the chunks of the parcels', async () => {
    const [first] = await pageParcels(`${root}models`);
    const { sha256 } = first!.parcel.chunks[0]!;
    const answer = await fetch(new URL(chunkPath(sha256), address));
    expect(sha256Hex(new Uint8Array(await answer.arrayBuffer()))).toBe(sha256);
    expect((await fetch(new URL(chunkPath('0'.repeat(64)), address))).status).toBe(404);
  });
});
