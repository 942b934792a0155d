import { setTimeout as wait } from 'node:timers/promises';
import { type HttpCall, httpBlobHub } from '../../../shared/api/http-blob-hub.ts';
import { errorEntry, isErrorCode } from '../../../shared/kernel/errors.ts';
import { uploadBlob } from '../../../shared/log/upload-blob.ts';
import { nodeCrypto } from '../../keys/node-crypto.ts';
import { keptBlob } from './blob-folder.ts';
import type { DeviceHome } from './device-home.ts';
import type { HubSession } from './hub-session.ts';

const atOnce = 100;

export interface BlobsSent {
  readonly sent: number;
  /** Why the others were not, each as a sentence. */
  readonly left: readonly string[];
}

/** Sends the pictures that the hub does not have. One that cannot be sent now does not keep the others. */
export async function sendBlobs(
  home: string,
  { file, parts, sealer }: DeviceHome,
  session: HubSession,
  stop: { readonly aborted: boolean },
): Promise<BlobsSent> {
  const hub = httpBlobHub(httpCall(file.hub, session), (bytes) => nodeCrypto.sha256(bytes));
  const left: string[] = [];
  let sent = 0;
  for (const blob of await parts.store.blobsToUpload(atOnce)) {
    const source = await keptBlob(home, sealer, blob);
    const outcome = await uploadBlob(hub, source, { wait: (ms) => wait(ms), random: Math.random, stop });
    if (outcome.kind === 'done') {
      await parts.store.blobUploaded(blob.sha256);
      sent++;
    } else {
      const why = isErrorCode(outcome.code) ? errorEntry(outcome.code).title : outcome.code;
      left.push(`The picture ${blob.sha256.slice(0, 12)} is still here: ${why}`);
    }
  }
  return { sent, left };
}

function httpCall(hub: string, { token, renew }: HubSession): HttpCall {
  return async ({ method, path, headers, body }) => {
    const ask = (bearer: string): Promise<Response> =>
      fetch(hub + path, {
        method,
        headers: { ...headers, Authorization: `Bearer ${bearer}` },
        ...(body !== undefined && { body: typeof body === 'string' ? body : new Uint8Array(body) }),
      });
    let response = await ask(await token());
    if (response.status === 401) response = await ask(await renew());
    return {
      status: response.status,
      header: (name) => response.headers.get(name) ?? undefined,
      body: new Uint8Array(await response.arrayBuffer()),
    };
  };
}
