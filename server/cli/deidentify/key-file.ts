import { createHmac, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import type { ClinicHmac } from '../../../shared/imaging/deidentify/pseudonyms.ts';
import { AppError } from '../../../shared/kernel/errors.ts';
import { fileProblem } from '../file-problem.ts';

/** 32 random bytes as 64 hexadecimal digits, readable by nobody else. An existing file is never replaced. */
export async function writeNewKey(path: string): Promise<void> {
  try {
    await writeFile(path, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') {
      const message = `"${path}" exists already: use it without --new-key, or name another file.`;
      throw new AppError('usage.would-overwrite', message, { cause });
    }
    throw fileProblem(path, cause);
  }
}

/** @throws AppError `usage.file-problem` */
export async function openKey(path: string): Promise<ClinicHmac> {
  let text: string;
  try {
    text = await readFile(path, 'latin1');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
      const message = `There is no key "${path}". To make one, add --new-key.`;
      throw new AppError('usage.file-problem', message, { cause });
    }
    throw fileProblem(path, cause);
  }
  if (!/^[0-9a-f]{64}\s*$/i.test(text))
    throw new AppError('usage.file-problem', `"${path}" is no key: it should hold 64 hexadecimal digits.`);
  const key = Buffer.from(text.trim(), 'hex');
  return async (message) => createHmac('sha256', key).update(message).digest();
}
