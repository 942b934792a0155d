import { z } from 'zod';
import { utf8 } from '../../kernel/bytes.ts';
import { AppError } from '../../kernel/errors.ts';
import { checkReceipt } from '../check-checkpoint.ts';
import { Receipt } from '../checkpoint.ts';
import type { DeviceStore } from '../device-store.ts';
import type { LogCrypto } from '../log-crypto.ts';
import { RecordId } from '../names.ts';

// The hub's answer to a bundle: what it has now, signed. In clear, because it says hashes, places and times, and nothing of a
// person. One line for the format and one for each receipt.

const FirstLine = z.strictObject({ format: z.literal(1), clinic: RecordId });
const magic = 'fieldray-receipts ';
/** One receipt names 500 entries at most. */
const mostLine = 256 * 1024;
const mostLines = 100_000;

export function writeReceiptFile(clinic: string, receipts: readonly Receipt[]): Uint8Array<ArrayBuffer> {
  const lines = receipts.map((receipt) => JSON.stringify(receipt));
  return utf8([`${magic}${JSON.stringify({ format: 1, clinic })}`, ...lines, ''].join('\n'));
}

/** Whether a file begins as one; otherwise it may be a bundle. */
export function isReceiptFile(beginning: Uint8Array): boolean {
  return utf8(magic).every((byte, at) => beginning[at] === byte);
}

/**
 * Empties the outbox of what the hub has. All of the file is checked before any of it counts.
 * @returns how many entries are no longer to be sent
 * @throws AppError `bundle.not-one`, `bundle.other-clinic`, `log.hub-inconsistent` for another hub's or an altered one
 */
export async function takeReceiptFile(
  bytes: Uint8Array,
  store: DeviceStore,
  crypto: LogCrypto,
): Promise<number> {
  const { identity } = await store.state();
  const receipts = readLines(bytes, identity.clinic);
  for (const receipt of receipts) await checkReceipt(receipt, identity, crypto);
  const before = (await store.counts()).outbox;
  for (const receipt of receipts) await store.acknowledge(receipt);
  return before - (await store.counts()).outbox;
}

function readLines(bytes: Uint8Array, clinic: string): Receipt[] {
  const notOne = (cause?: unknown): AppError =>
    new AppError('bundle.not-one', 'not a file of receipts, or not all of it', { cause });
  let lines: string[];
  try {
    lines = new TextDecoder('utf-8', { fatal: true }).decode(bytes).split('\n');
  } catch (cause) {
    throw notOne(cause);
  }
  const [first = '', ...rest] = lines;
  if (rest.pop() !== '' || rest.length > mostLines || !first.startsWith(magic)) throw notOne();
  try {
    const of = FirstLine.parse(JSON.parse(first.slice(magic.length)));
    if (of.clinic !== clinic) throw new AppError('bundle.other-clinic', 'receipts of another clinic');
    return rest.map((line) => Receipt.parse(JSON.parse(line.slice(0, mostLine))));
  } catch (error) {
    throw error instanceof AppError ? error : notOne(error);
  }
}
