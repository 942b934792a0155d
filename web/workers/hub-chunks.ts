import { AppError, describeThrown } from '../../shared/kernel/errors.ts';
import { chunkPath } from '../engine/parcels.ts';

/** A connection that is open and silent for so long is a broken one. */
const stallMs = 30_000;

/** @throws AppError `network.unreachable`, `page.outdated` */
export async function fetchChunk(sha256: string): Promise<Uint8Array<ArrayBuffer>> {
  const path = chunkPath(sha256);
  const controller = new AbortController();
  const stalled = (): void => controller.abort(new Error(`silent for ${stallMs} ms`));
  let timer = setTimeout(stalled, stallMs);
  try {
    // Past the browser's own cache: it would hold the same bytes a second time, and a damaged answer for ever.
    const response = await fetch(path, { cache: 'no-store', signal: controller.signal });
    if (!response.ok) throw refused(path, response.status);
    const parts: Uint8Array<ArrayBuffer>[] = [];
    const reader = response.body!.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parts.push(part.value);
      clearTimeout(timer);
      timer = setTimeout(stalled, stallMs);
    }
    return new Uint8Array(await new Blob(parts).arrayBuffer());
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('network.unreachable', describeThrown(cause), { cause });
  } finally {
    clearTimeout(timer);
  }
}

function refused(path: string, status: number): AppError {
  const message = `${path}: ${status}`;
  // A hub that has been updated serves the parts of its own page only.
  return new AppError(status === 404 ? 'page.outdated' : 'network.unreachable', message);
}

const firstDelayMs = 1_000;
const longestDelayMs = 30_000;

/** Waits longer after each failure, and no longer once the browser says that the network is back. */
export function untilWorthTrying(failures: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - 1)));
  const online = (): void => resolve();
  self.addEventListener('online', online);
  return promise.finally(() => {
    clearTimeout(timer);
    self.removeEventListener('online', online);
  });
}

/** @throws AppError `device.unsupported` on a page without WebCrypto */
export async function webSha256(bytes: Uint8Array): Promise<string> {
  // Typed as always there; plain HTTP has none.
  const subtle = crypto.subtle as SubtleCrypto | undefined;
  if (subtle === undefined)
    throw new AppError('device.unsupported', 'no WebCrypto: the page was not opened securely');
  const digest = await subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
