import { fileBytes } from '../bundle/file-bytes.ts';
import { takeAtHub } from '../bundle/take-at-hub.ts';
import { openBundleCipher } from '../keys/bundle-cipher.ts';
import { nodeCrypto } from '../keys/node-crypto.ts';
import { createOperator } from '../operator/create-operator.ts';
import type { Operator } from '../operator/operator-api.ts';
import type { Records } from './compose-records.ts';

/** The operator of these records. */
export function operatorOf({ accounts, hubLog, blobs }: Records): Operator {
  return createOperator(accounts, async (path) => {
    const taken = await takeAtHub(() => fileBytes(path), {
      hubLog,
      blobs,
      crypto: nodeCrypto,
      openCipher: openBundleCipher,
      secretFor: (bundle) => accounts.bundleKeys.secretFor(bundle),
    });
    return { ...taken, receipts: [...taken.receipts] };
  });
}
