import { Agent, request } from 'node:http';
import { healthEndpoint } from '../../shared/api/health.ts';
import { predictEndpoint } from '../../shared/api/inference.ts';

const boundary = 'fieldray-bench-boundary';

/** Made once for each file, so that the client costs the measured machine as little as it can. */
export function multipartBody(file: Uint8Array, name: string): Buffer {
  const head =
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n` +
    'Content-Type: image/png\r\n\r\n';
  return Buffer.concat([Buffer.from(head), file, Buffer.from(`\r\n--${boundary}--\r\n`)]);
}

export interface HubClient {
  predict(body: Buffer): Promise<void>;
  /** Milliseconds until the whole answer was there. */
  health(): Promise<number>;
  close(): void;
}

/** Throws when an answer has another status than 200. */
export function hubClient(address: string, bearer: { readonly Authorization: string }): HubClient {
  const agent = new Agent({ keepAlive: true });
  const ask = (method: string, path: string, headers: Record<string, string | number>, body?: Buffer) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const asked = request(new URL(path, address), { method, headers, agent }, (answer) => {
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve();
        else reject(new Error(`${path}: ${answer.statusCode}`));
      });
      answer.resume();
    });
    asked.on('error', reject);
    asked.end(body);
    return promise;
  };
  return {
    predict(body) {
      const headers = {
        ...bearer,
        'Content-Type': `multipart/form-data; boundary=${boundary}`,
        'Content-Length': body.length,
      };
      return ask(predictEndpoint.method, predictEndpoint.path, headers, body);
    },
    async health() {
      const started = performance.now();
      await ask(healthEndpoint.method, healthEndpoint.path, {});
      return performance.now() - started;
    },
    close: () => agent.destroy(),
  };
}
