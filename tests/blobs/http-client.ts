import { Agent, request } from 'node:http';
import type { HttpAnswer, HttpCall } from '../../shared/api/http-blob-hub.ts';

/** A device's connection to a hub, one request at a time. */
export function httpClient(port: () => number, headers: Readonly<Record<string, string>>) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const call: HttpCall = (asked) =>
    new Promise<HttpAnswer>((resolve, reject) => {
      const length =
        asked.body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(asked.body)) };
      const sent = request(
        {
          host: '127.0.0.1',
          port: port(),
          path: asked.path,
          method: asked.method,
          agent,
          headers: { ...headers, ...asked.headers, ...length },
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', reject);
          answer.on('close', () => {
            if (!answer.complete) reject(new Error('the answer was cut off'));
            const header = (name: string): string | undefined => {
              const value = answer.headers[name.toLowerCase()];
              return Array.isArray(value) ? value[0] : value;
            };
            resolve({ status: answer.statusCode ?? 0, header, body: Buffer.concat(chunks) });
          });
        },
      );
      sent.on('error', reject);
      sent.end(asked.body);
    });
  return { call, close: () => agent.destroy() };
}
