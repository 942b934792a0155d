import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What happens to one answer of the hub on its way to the page. */
export type Fault =
  /** One byte is changed. */
  | 'damage'
  /** The connection breaks in the middle of the body. */
  | 'cut'
  /** Nobody answers. */
  | 'gone'
  /** Put before a script. */
  | { readonly before: string };

export interface FaultProxy {
  readonly address: string;
  /** Paths that were asked for, in order. */
  readonly asked: readonly string[];
  /** Decides for each request; undefined lets it pass. */
  fault: (path: string, count: number) => Fault | undefined;
  close(): Promise<void>;
}

/** Stands between a page and its hub and spoils what it is told to; everything else passes through unchanged. */
export async function startFaultProxy(hubAddress: string): Promise<FaultProxy> {
  const hub = new URL(hubAddress);
  const asked: string[] = [];
  const counts = new Map<string, number>();
  const sockets = new Set<Socket>();
  const proxy = { fault: (_path: string, _count: number): Fault | undefined => undefined };

  const server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? '/';
    asked.push(path);
    const count = (counts.get(path) ?? 0) + 1;
    counts.set(path, count);
    const fault = proxy.fault(path, count);
    if (fault === 'gone') incoming.destroy();
    else void forward(hub, incoming, outgoing, fault);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return Object.assign(proxy, {
    address: `http://127.0.0.1:${port}/`,
    asked,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  });
}

function ask(hub: URL, incoming: IncomingMessage): Promise<IncomingMessage> {
  const {
    'accept-encoding': _,
    'if-none-match': __,
    'if-modified-since': ___,
    ...headers
  } = incoming.headers;
  const { method, url: path } = incoming;
  return new Promise((resolve, reject) => {
    const upstream = request({ host: hub.hostname, port: hub.port, method, path, headers }, resolve);
    upstream.on('error', reject);
    incoming.pipe(upstream);
  });
}

async function forward(
  hub: URL,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  fault: Exclude<Fault, 'gone'> | undefined,
): Promise<void> {
  try {
    const answer = await ask(hub, incoming);
    const body = spoil(Buffer.concat((await answer.toArray()) as Buffer[]), fault);
    const { 'content-length': _, 'transfer-encoding': __, ...headers } = answer.headers;
    outgoing.writeHead(answer.statusCode ?? 502, { ...headers, 'content-length': body.length });
    if (fault === 'cut') outgoing.write(body.subarray(0, body.length / 2), () => outgoing.destroy());
    else outgoing.end(body);
  } catch {
    // The hub itself is gone.
    outgoing.destroy();
  }
}

function spoil(body: Buffer, fault: Exclude<Fault, 'gone'> | undefined): Buffer {
  if (fault === 'damage') {
    const damaged = Buffer.from(body);
    damaged[damaged.length >> 1]! ^= 0xff;
    return damaged;
  }
  return typeof fault === 'object' ? Buffer.concat([Buffer.from(fault.before), body]) : body;
}
