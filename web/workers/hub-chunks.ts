import { AppError, describeThrown } from '../../shared/kernel/errors.ts';
import { chunkPath } from '../engine/parcels.ts';

/** @throws AppError `network.unreachable`, `page.outdated` */
export async function fetchChunk(sha256: string): Promise<Uint8Array<ArrayBuffer>> {
  let response: Response;
  let bytes: ArrayBuffer;
  try {
    // Past the browser's own cache: it would hold the same bytes a second time, and a damaged answer for ever.
    response = await fetch(chunkPath(sha256), { cache: 'no-store' });
    bytes = await response.arrayBuffer();
  } catch (cause) {
    throw new AppError('network.unreachable', describeThrown(cause), { cause });
  }
  if (response.ok) return new Uint8Array(bytes);
  const message = `${chunkPath(sha256)}: ${response.status}`;
  // A hub that has been updated serves the parts of its own page only.
  if (response.status === 404) throw new AppError('page.outdated', message);
  throw new AppError('network.unreachable', message);
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
