import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../shared/kernel/errors.ts';
import { Receipt } from '../../../shared/log/checkpoint.ts';
import { PublicKey } from '../../../shared/log/names.ts';
import type { GivenReceipt } from '../../../shared/log/verify/verify-export.ts';
import { fileProblem } from '../file-problem.ts';

const mostReceiptBytes = 1024 * 1024;
const mostReceipts = 100_000;

/** Keys of hubs, one on each line; empty lines and those after `#` do not count. @throws AppError `usage.file-problem` */
export async function readPinnedKeys(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw fileProblem(path, cause);
  });
  const keys = text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
  const wrong = keys.find((key) => !PublicKey.safeParse(key).success);
  if (wrong !== undefined || keys.length === 0) {
    throw new AppError(
      'usage.file-problem',
      `"${path}" holds no keys: each line should be one of 43 characters.`,
    );
  }
  return keys;
}

/** Every `.json` file of the folder. One that is no receipt is told, not skipped. @throws AppError `usage.file-problem` */
export async function readReceipts(folder: string): Promise<GivenReceipt[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw fileProblem(folder, cause);
  });
  const files = names.filter((name) => name.endsWith('.json')).toSorted();
  if (files.length === 0)
    throw new AppError('usage.file-problem', `"${folder}" holds no receipts (.json files).`);
  if (files.length > mostReceipts) {
    throw new AppError('usage.file-problem', `"${folder}" holds more than ${mostReceipts} receipts.`);
  }
  const receipts: GivenReceipt[] = [];
  for (const name of files) receipts.push({ name, receipt: await readReceipt(join(folder, name)) });
  return receipts;
}

async function readReceipt(path: string): Promise<Receipt | null> {
  try {
    if ((await stat(path)).size > mostReceiptBytes) return null;
    return Receipt.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
}
