import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Receipt } from '../../../shared/log/checkpoint.ts';
import { fileProblem } from '../file-problem.ts';

/** One file for each, named by the size of the tree that it speaks of, in the order in which they came. */
export async function writeReceipts(receipts: readonly Receipt[], folder: string): Promise<number> {
  try {
    await mkdir(folder, { recursive: true });
    for (const [index, receipt] of receipts.entries()) {
      const name = `${String(index + 1).padStart(6, '0')}-${receipt.checkpoint.size}.json`;
      await writeFile(join(folder, name), `${JSON.stringify(receipt)}\n`);
    }
  } catch (cause) {
    throw fileProblem(folder, cause);
  }
  return receipts.length;
}
