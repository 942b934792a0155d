import { AppError, describeThrown } from '../../shared/kernel/errors.ts';

/** Why a database file cannot be opened, so that whoever reads it knows what to do. */
export function openFailure(path: string, error: unknown): AppError {
  if (error instanceof AppError) return error;
  const said = describeThrown(error);
  const message = `${path}: ${said}`;
  if (/SQLITE_(BUSY|LOCKED)/.test(said)) return new AppError('storage.in-use', message, { cause: error });
  if (/SQLITE_FULL/.test(said)) return new AppError('storage.full', message, { cause: error });
  if (/SQLITE_(NOTADB|CORRUPT)/.test(said)) return new AppError('storage.damaged', message, { cause: error });
  return new AppError('usage.file-problem', `"${path}" cannot be opened: ${said}`, { cause: error });
}
