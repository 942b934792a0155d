import { Receipt } from '../../shared/log/checkpoint.ts';
import { PublicKey } from '../../shared/log/names.ts';
import type { GivenReceipt } from '../../shared/log/verify/verify-export.ts';

const mostReceiptBytes = 1024 * 1024;

/** Keys, one on each line; null when one of them is none. */
export function keysOf(text: string): string[] | null {
  const keys = text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
  return keys.every((key) => PublicKey.safeParse(key).success) ? keys : null;
}

export function receiptsOf(files: readonly File[]): Promise<GivenReceipt[]> {
  return Promise.all(files.map(async (file) => ({ name: file.name, receipt: await receiptOf(file) })));
}

async function receiptOf(file: File): Promise<Receipt | null> {
  if (file.size > mostReceiptBytes) return null;
  try {
    return Receipt.parse(JSON.parse(await file.text()));
  } catch {
    return null;
  }
}
