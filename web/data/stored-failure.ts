import { AppError, describeThrown } from '../../shared/kernel/errors.ts';

/** Names of the DOMExceptions that a full device causes, at whatever depth Dexie has wrapped them. */
const fullNames = new Set(['QuotaExceededError', 'NS_ERROR_DOM_QUOTA_REACHED']);

function isFull(thrown: unknown): boolean {
  if (typeof thrown !== 'object' || thrown === null) return false;
  const { name, inner, failures } = thrown as {
    name?: unknown;
    inner?: unknown;
    failures?: readonly unknown[];
  };
  return (
    (typeof name === 'string' && fullNames.has(name)) ||
    isFull(inner) ||
    (failures?.some((failure) => isFull(failure)) ?? false) ||
    /quota/i.test(describeThrown(thrown))
  );
}

/** What a store threw, as `storage.full` or `storage.unavailable`. */
export function storageError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const code = isFull(thrown) ? 'storage.full' : 'storage.unavailable';
  return new AppError(code, describeThrown(thrown), { cause: thrown });
}

/** What a database is asked, with its failures as `storageError` has them. */
export async function translated<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    throw storageError(cause);
  }
}

/** Names of the DOMExceptions with which browsers answer for files that they cannot read; some pass, so that one alone says little. */
const unreadableNames = new Set(['UnknownError', 'DataError', 'NotReadableError', 'NotFoundError']);

/** Whether a store failed as it does when its files are damaged. */
export function isUnreadable(thrown: unknown): boolean {
  if (typeof thrown !== 'object' || thrown === null) return false;
  const { name, inner, cause } = thrown as { name?: unknown; inner?: unknown; cause?: unknown };
  return (
    (typeof name === 'string' && unreadableNames.has(name)) || isUnreadable(inner) || isUnreadable(cause)
  );
}
