import type { Server } from 'node:http';
import type { Config } from '../config.ts';
import type { ServerTls } from '../tls/read-tls.ts';
import { AppError, describeThrown } from '../../shared/kernel/errors.ts';

function whyNot({ host, port }: Config, cause: NodeJS.ErrnoException): string {
  if (cause.code === 'EADDRINUSE') {
    return `Port ${port} is used by another program. Stop that program, or choose another port: PORT=${port + 1} npm start`;
  }
  if (cause.code === 'EACCES') return `This account may not use port ${port}. Choose one above 1023.`;
  return `${host}:${port} cannot be listened on: ${describeThrown(cause)}`;
}

const isEveryAddress = (host: string): boolean => host === '0.0.0.0' || host === '::';

/**
 * Returns the address to open.
 * @throws AppError `usage.invalid` when the address cannot be had
 */
export async function listen(server: Server, config: Config, tls?: ServerTls): Promise<string> {
  const scheme = tls === undefined ? 'http' : 'https';
  // Nobody can open "every address", nor "every name"; a name of the certificate is one that will be believed.
  const believed = tls?.names.find((name) => !name.startsWith('*.')) ?? 'localhost';
  const nameToShow = isEveryAddress(config.host) ? believed : config.host;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', (cause) => reject(new AppError('usage.invalid', whyNot(config, cause), { cause })));
  server.listen(config.port, config.host, resolve);
  await promise;
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : config.port;
  return new URL(`${scheme}://${nameToShow.includes(':') ? `[${nameToShow}]` : nameToShow}:${port}/`).href;
}
