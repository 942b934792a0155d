import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Receipt } from '../../../shared/log/checkpoint.ts';
import type { DeviceIdentity } from '../../../shared/log/device-store.ts';
import { fileProblem } from '../file-problem.ts';

/** The key of the hub as this device was told it when it was enrolled, for `verify --keys`. */
export const keyFileName = 'hub.key';

/**
 * One file for each receipt, named by the device, their order and the size of the tree that it speaks of, so that a folder
 * can hold those of several devices; and the hub's key.
 */
export async function writeReceipts(
  receipts: readonly Receipt[],
  { device, rootKey }: Pick<DeviceIdentity, 'device' | 'rootKey'>,
  folder: string,
): Promise<number> {
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, keyFileName), `${rootKey}\n`);
    for (const [index, receipt] of receipts.entries()) {
      const name = `${device.slice(0, 12)}-${String(index + 1).padStart(6, '0')}-${receipt.checkpoint.size}.json`;
      await writeFile(join(folder, name), `${JSON.stringify(receipt)}\n`);
    }
  } catch (cause) {
    throw fileProblem(folder, cause);
  }
  return receipts.length;
}
