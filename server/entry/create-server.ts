import {
  createServer as createPlainServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { ServerTls } from '../tls/read-tls.ts';

/** HTTP/1.1, over TLS where there is a certificate. */
export function createServer(
  tls: ServerTls | undefined,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  if (tls === undefined) return createPlainServer(answer);
  return createTlsServer({ cert: tls.cert, key: tls.key, minVersion: 'TLSv1.2' }, answer);
}
