import type { Fetch, Tokens } from '../../shared/api/call-endpoint.ts';
import { type HttpCall, httpBlobHub } from '../../shared/api/http-blob-hub.ts';
import { AppError, isErrorCode } from '../../shared/kernel/errors.ts';
import type { DeviceStore } from '../../shared/log/device-store.ts';
import { uploadBlob } from '../../shared/log/upload-blob.ts';
import type { KeptFiles } from '../data/kept-files.ts';

/** Asked for beyond those that stayed. */
const atOnce = 10;

export interface FileSendingParts {
  readonly store: Pick<DeviceStore, 'blobsToUpload' | 'blobUploaded'>;
  readonly files: KeptFiles;
  readonly call: HttpCall;
  readonly sha256: (bytes: Uint8Array) => Uint8Array;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly random: () => number;
}

/**
 * Sends the pictures that the hub does not have, until none is left or it is stopped. One that cannot be sent does not keep the
 * others. @throws AppError why the last one that stayed did
 */
export async function sendFiles(
  { store, files, call, sha256, wait, random }: FileSendingParts,
  stop: { readonly aborted: boolean },
): Promise<void> {
  const hub = httpBlobHub(call, sha256);
  const stayed = new Set<string>();
  let code: string | undefined;
  while (!stop.aborted) {
    const left = await store.blobsToUpload(atOnce + stayed.size);
    const next = left.find((blob) => !stayed.has(blob.sha256));
    if (next === undefined) break;
    const outcome = await uploadBlob(hub, files.source(next), { wait, random, stop, mostFailures: 2 });
    if (outcome.kind === 'done') await store.blobUploaded(next.sha256);
    else if (!stop.aborted) {
      stayed.add(next.sha256);
      code = outcome.code;
    }
  }
  if (code !== undefined)
    throw new AppError(isErrorCode(code) ? code : 'server.internal', 'a picture stayed here');
}

/** One request by the person who is signed in. */
export function signedInCall(fetch: BinaryFetch, tokens: Tokens): HttpCall {
  return async ({ method, path, headers, body }) => {
    const ask = (bearer: string | undefined) =>
      fetch(path, {
        method,
        headers: { ...headers, Authorization: `Bearer ${bearer}` },
        ...(body !== undefined && { body: typeof body === 'string' ? body : new Uint8Array(body) }),
      });
    let response = await ask(await tokens.current());
    if (response.status === 401) response = await ask(await tokens.renew());
    return {
      status: response.status,
      header: (name) => response.headers.get(name) ?? undefined,
      body: new Uint8Array(await response.arrayBuffer()),
    };
  };
}

/** `fetch` for what is not text. */
export type BinaryFetch = (
  ...given: Parameters<Fetch>
) => Promise<Awaited<ReturnType<Fetch>> & { arrayBuffer(): Promise<ArrayBuffer> }>;
