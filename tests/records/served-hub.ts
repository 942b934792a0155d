import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { pageFiles } from '../../server/entry/page-files.ts';
import { openTestHub } from './records-hub.ts';

/** A hub with a page, whose API can be out of reach while the page still is, as a service worker would have it. */
export async function serveTestHub(folder: string) {
  const hub = await openTestHub(pageFiles(folder));
  const answer = getRequestListener(hub.app.fetch);
  const sockets = new Set<Socket>();
  const asked: { readonly path: string; readonly at: number }[] = [];
  let isOnline = true;
  let refreshing = 0;
  let mostRefreshing = 0;
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    const isApi = path.startsWith('/api/');
    if (isApi) asked.push({ path, at: Date.now() });
    if (path.endsWith('/auth/refresh')) {
      mostRefreshing = Math.max(mostRefreshing, ++refreshing);
      // Also when whoever asked has died.
      response.on('close', () => refreshing--);
    }
    if (isApi && !isOnline) request.destroy();
    else void answer(request, response);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    ...hub,
    address: `http://127.0.0.1:${port}/`,
    asked,
    /** Refreshes of a session that ran at once. */
    mostRefreshing: () => mostRefreshing,
    online: (next: boolean) => void (isOnline = next),
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
      await hub.close();
    },
  };
}
