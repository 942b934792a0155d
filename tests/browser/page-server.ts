import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { pageFiles } from '../../server/entry/page-files.ts';
import { securityHeaders } from '../../server/http/security-headers.ts';

export interface PageServer {
  readonly address: string;
  /** From now on this folder is the page. */
  show(folder: string): void;
  /** Paths that answer with an error, as a hub does that is going down. */
  failOn(path: RegExp | undefined): void;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** The hub's page without its models: the same files with the same headers, on one address that can go and come back. */
export async function startPageServer(): Promise<PageServer> {
  let folder = '';
  let failing: RegExp | undefined;
  const app = new Hono();
  app.use(securityHeaders(false));
  app.get('/*', (c, next) =>
    failing?.test(c.req.path) === true ? Promise.resolve(c.text('', 503)) : pageFiles(folder)!(c, next),
  );
  const answer = getRequestListener(app.fetch);
  let server: Server;
  let port = 0;
  const start = async (): Promise<void> => {
    server = createServer((request, response) => void answer(request, response));
    await once(server.listen(port, '127.0.0.1'), 'listening');
    port = (server.address() as AddressInfo).port;
  };
  await start();
  return {
    address: `http://127.0.0.1:${port}/`,
    show: (next) => void (folder = next),
    failOn: (path) => void (failing = path),
    start,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
