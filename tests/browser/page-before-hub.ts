import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { extname, join } from 'node:path';
import { pageHeaders } from '../../shared/api/page-headers.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
};

/** One address for a page and a hub that dies and comes back elsewhere: files from a folder, the API from whichever hub there is. */
export async function servePageBeforeHub(folder: string) {
  let hub: URL | undefined;
  const sockets = new Set<Socket>();
  const server = createServer((incoming, outgoing) => {
    const path = new URL(incoming.url ?? '/', 'http://page').pathname;
    if (!path.startsWith('/api/')) {
      const file = join(folder, path === '/' ? 'index.html' : path);
      const type = types[extname(file)] ?? 'application/octet-stream';
      outgoing.writeHead(200, { ...pageHeaders, 'Content-Type': type });
      createReadStream(file)
        .on('error', () => outgoing.destroy())
        .pipe(outgoing);
      return;
    }
    if (hub === undefined) return void incoming.destroy();
    const { hostname, port, host } = hub;
    const onward = request({
      hostname,
      port,
      path: incoming.url,
      method: incoming.method,
      headers: { ...incoming.headers, host },
    });
    onward.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('error', () => outgoing.destroy()).pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/`,
    /** Undefined: nobody answers. */
    use: (address: string | undefined) => void (hub = address === undefined ? undefined : new URL(address)),
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
