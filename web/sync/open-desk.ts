import { httpBlobHub } from '../../shared/api/http-blob-hub.ts';
import { AppError, isErrorCode } from '../../shared/kernel/errors.ts';
import type { Said } from '../../shared/log/chain.ts';
import { append } from '../../shared/log/device-log.ts';
import type { BlobRef } from '../../shared/log/device-store.ts';
import { downloadBlob, type RunningHash } from '../../shared/log/download-blob.ts';
import { openReadingDesk, type ReadingDesk } from '../records/reading-desk.ts';
import type { OpenRecords, RecordsParts } from './open-records.ts';
import { signedInCall } from './send-files.ts';
import { locks } from './windows.ts';

export interface DeskTidings {
  /** Something was written that goes to the hub. */
  readonly written: () => void;
  /** Something else that lists show has changed. */
  readonly changed: () => void;
}

/** In a row, for a picture that somebody waits for; what came before is kept for the next time. */
const mostFailures = 2;

/** The X-rays of these records. */
export function openDesk(
  records: OpenRecords,
  parts: RecordsParts & { readonly startSha256: () => RunningHash },
  { written, changed }: DeskTidings,
): ReadingDesk {
  const { log, files, readings, shorts, secrets, tokens } = records;
  const { exclusively, crypto, fetch, random } = parts;
  const sha256 = (bytes: Uint8Array): Uint8Array => crypto.sha256(bytes);

  async function appendAlone(said: readonly Said[], blobs: readonly BlobRef[]): Promise<void> {
    await exclusively(locks.append, () => append(log, said, blobs));
    written();
  }

  async function fetchFile({ sha256: name }: BlobRef): Promise<void> {
    const hub = httpBlobHub(signedInCall(fetch, tokens), sha256);
    const outcome = await exclusively(`${locks.fetchFile} ${name}`, () =>
      downloadBlob(hub, name, files.sink(name), {
        wait: (milliseconds) => parts.wait(milliseconds, AbortSignal.timeout(milliseconds)),
        random,
        mostFailures,
        startHash: parts.startSha256,
      }),
    );
    if (outcome.kind === 'done') return;
    const { code } = outcome;
    throw new AppError(isErrorCode(code) ? code : 'server.internal', `picture ${name} did not come`);
  }

  return openReadingDesk({
    store: log.store,
    readings,
    files,
    shorts,
    crypto,
    device: secrets.device,
    person: async () => (await records.person()).account,
    append: appendAlone,
    fetchFile,
    alone: (what, work) => exclusively(locks[what], work),
    changed,
  });
}
