import { AppError, describeThrown } from '../../shared/kernel/errors.ts';

/** What the operating system says of a path, as a sentence. */
const sentences: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) => `There is no file or folder "${path}".`,
  EACCES: (path) => `This account may not use "${path}".`,
  EPERM: (path) => `This account may not use "${path}".`,
  EROFS: (path) => `"${path}" lies on a disk that cannot be written to.`,
  EISDIR: (path) => `"${path}" is a folder, not a file.`,
  EEXIST: (path) => `"${path}" is a file, not a folder.`,
  ENOTDIR: (path) => `A part of "${path}" is a file, not a folder.`,
  ENOSPC: (path) => `The disk is full; "${path}" could not be written.`,
};

export function fileProblem(path: string, cause: unknown): AppError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const message = sentences[code]?.(path) ?? `"${path}" cannot be used: ${describeThrown(cause)}`;
  return new AppError('usage.file-problem', message, { cause });
}
