import { open, rm } from 'node:fs/promises';
import { AppError } from '../../shared/kernel/errors.ts';
import { fileProblem } from './file-problem.ts';

/**
 * Writes a file that is not there yet, piece by piece, onto the disk; what breaks off leaves none, and nothing is asked for
 * where the file cannot be made.
 * @returns how many bytes it has
 * @throws AppError `usage.file-problem`, and what the pieces throw
 */
export async function writeNewFile(
  path: string,
  pieces: () => AsyncIterable<Uint8Array> | Promise<AsyncIterable<Uint8Array>>,
): Promise<number> {
  const file = await open(path, 'wx').catch((cause: unknown) => {
    throw isThere(cause)
      ? new AppError('usage.file-problem', `There is a "${path}" already, and nothing is overwritten.`)
      : fileProblem(path, cause);
  });
  const onDisk = async (work: Promise<unknown>): Promise<void> => {
    await work.catch((cause: unknown) => {
      throw fileProblem(path, cause);
    });
  };
  let bytes = 0;
  let whole = false;
  try {
    for await (const piece of await pieces()) {
      await onDisk(file.writeFile(piece));
      bytes += piece.length;
    }
    await onDisk(file.sync());
    whole = true;
  } finally {
    await file.close();
    if (!whole) await rm(path, { force: true });
  }
  return bytes;
}

const isThere = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
