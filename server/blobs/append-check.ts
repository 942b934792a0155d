import { AppError } from '../../shared/kernel/errors.ts';
import { leastAppendBytes, mostAppendBytes } from './blob-store-api.ts';

/** Anything else must not become part of a path. */
export function isUploadId(id: string): boolean {
  return /^[0-9a-f]{64}$/.test(id);
}

/**
 * Whether these bytes may be appended, by the rules of the port.
 * @param held how many bytes are held of how many; undefined for an upload that is not known
 * @throws AppError `blob.no-upload`, `blob.offset-mismatch`, `request.invalid`
 */
export function checkAppend<Held extends { readonly offset: number; readonly size: number }>(
  held: Held | undefined,
  offset: number,
  length: number,
): Held {
  if (held === undefined) throw new AppError('blob.no-upload', 'there is no such upload');
  if (offset !== held.offset) {
    throw new AppError('blob.offset-mismatch', `the next byte is ${held.offset}, not ${offset}`);
  }
  const left = held.size - offset;
  if (length < Math.min(leastAppendBytes, left) || length > Math.min(mostAppendBytes, left)) {
    throw new AppError('request.invalid', `${length} bytes at once where ${left} are left`);
  }
  return held;
}
