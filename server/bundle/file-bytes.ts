import { type FileHandle, open } from 'node:fs/promises';
import { AppError, describeThrown } from '../../shared/kernel/errors.ts';

const readBytes = 1024 * 1024;

/** A file piece by piece, from its beginning. @throws AppError `usage.file-problem` */
export async function* fileBytes(path: string): AsyncGenerator<Uint8Array> {
  const problem = (cause: unknown): AppError =>
    new AppError('usage.file-problem', `"${path}" cannot be read: ${describeThrown(cause)}`, { cause });
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (cause) {
    throw problem(cause);
  }
  try {
    for (;;) {
      const { bytesRead, buffer } = await file
        .read(new Uint8Array(readBytes), 0, readBytes)
        .catch((cause: unknown) => Promise.reject(problem(cause)));
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
