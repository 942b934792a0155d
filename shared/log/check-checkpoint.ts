import { fromBase64Url, fromHex } from '../kernel/bytes.ts';
import { AppError } from '../kernel/errors.ts';
import { isExtension } from './check-proof.ts';
import { type Checkpoint, checkpointMessage, type Receipt, receiptMessage } from './checkpoint.ts';
import type { DeviceIdentity } from './device-store.ts';
import type { LogCrypto } from './log-crypto.ts';

/** Nothing of what a hub says is taken when it contradicts itself or is not who this device was enrolled with. */
export function inconsistent(message: string): AppError {
  return new AppError('log.hub-inconsistent', message);
}

type Whom = Pick<DeviceIdentity, 'clinic' | 'rootKey'>;

/** @throws AppError `log.hub-inconsistent` unless the pinned root key signed it for this clinic */
export async function checkCheckpoint(checkpoint: Checkpoint, whom: Whom, crypto: LogCrypto): Promise<void> {
  if (checkpoint.clinic !== whom.clinic) throw inconsistent('a checkpoint of another clinic');
  const { rootKey } = whom;
  const isSigned = await crypto.verify(
    fromBase64Url(rootKey),
    fromBase64Url(checkpoint.sig),
    checkpointMessage(checkpoint),
  );
  if (!isSigned) throw inconsistent('a checkpoint that the root key of this hub did not sign');
}

/** @throws AppError `log.hub-inconsistent` */
export async function checkReceipt(receipt: Receipt, whom: Whom, crypto: LogCrypto): Promise<void> {
  await checkCheckpoint(receipt.checkpoint, whom, crypto);
  const key = fromBase64Url(whom.rootKey);
  if (!(await crypto.verify(key, fromBase64Url(receipt.sig), receiptMessage(receipt)))) {
    throw inconsistent('a receipt that the root key of this hub did not sign');
  }
  const { size } = receipt.checkpoint;
  if (receipt.placements.some(({ index }) => index >= size)) {
    throw inconsistent('a receipt for a place outside its tree');
  }
}

/** @throws AppError `log.hub-inconsistent` unless the later tree is the earlier one with entries appended */
export function checkExtension(
  earlier: Checkpoint,
  later: Checkpoint,
  proof: readonly string[],
  crypto: LogCrypto,
): void {
  const head = ({ size, root }: Checkpoint): { size: number; root: Uint8Array } => ({
    size,
    root: fromHex(root),
  });
  if (!isExtension(head(earlier), head(later), proof.map(fromHex), crypto)) {
    throw inconsistent(`the tree of ${later.size} does not extend the one of ${earlier.size}`);
  }
}
