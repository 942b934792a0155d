import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Receipt } from '../../../shared/log/checkpoint.ts';
import { fileProblem } from '../file-problem.ts';

/** The key of the hub as this device was told it when it was enrolled, for `verify --keys`. */
export const keyFileName = 'hub.key';

/**
 * One file for each receipt, named by the size of the tree that it speaks of, in the order in which they came, and the
 * hub's key.
 */
export async function writeReceipts(
  receipts: readonly Receipt[],
  rootKey: string,
  folder: string,
): Promise<number> {
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, keyFileName), `${rootKey}\n`);
    for (const [index, receipt] of receipts.entries()) {
      const name = `${String(index + 1).padStart(6, '0')}-${receipt.checkpoint.size}.json`;
      await writeFile(join(folder, name), `${JSON.stringify(receipt)}\n`);
    }
  } catch (cause) {
    throw fileProblem(folder, cause);
  }
  return receipts.length;
}
