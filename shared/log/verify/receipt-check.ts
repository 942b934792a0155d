import { fromBase64Url } from '../../kernel/bytes.ts';
import { checkpointMessage, receiptMessage, type Receipt } from '../checkpoint.ts';
import type { LogCrypto } from '../log-crypto.ts';
import type { Findings } from './findings.ts';
import type { KnownEntries } from './known-entries.ts';
import type { Finding } from './report.ts';
import type { SignatureChecks } from './signature-checks.ts';
import type { TreeCheck } from './tree-check.ts';

export interface ReceiptCheckParts {
  readonly clinic: string;
  readonly rootKey: Uint8Array;
  readonly known: KnownEntries;
  readonly tree: TreeCheck;
  readonly findings: Findings;
  readonly signatures: SignatureChecks;
}

/**
 * Whether all that the hub gave a receipt for is here, where it said. A receipt from before a restore promises that an entry
 * is never lost, not its place.
 * @param where the line of the file, or the name of the receipt's own file
 */
export async function checkReceipt(
  receipt: Receipt,
  where: Pick<Finding, 'line' | 'about'>,
  parts: ReceiptCheckParts,
  crypto: LogCrypto,
): Promise<void> {
  const { clinic, rootKey, known, tree, findings, signatures } = parts;
  const { checkpoint } = receipt;
  if (checkpoint.clinic !== clinic) {
    findings.add({ code: 'receipt.clinic', ...where });
    return;
  }
  const isSigned = Promise.all([
    crypto.verify(rootKey, fromBase64Url(receipt.sig), receiptMessage(receipt)),
    crypto.verify(rootKey, fromBase64Url(checkpoint.sig), checkpointMessage(checkpoint)),
  ]).then((signatures) => signatures.every(Boolean));
  await signatures.add(isSigned, (isSound) => {
    // What the hub did not sign proves nothing about its records.
    if (isSound) checkPlaces();
    else findings.add({ code: 'receipt.signature', ...where });
  });

  function checkPlaces(): void {
    const verdict = tree.judge(checkpoint);
    if (verdict === 'future' || verdict === 'unknown' || verdict === 'other') {
      findings.add({ code: 'receipt.checkpoint', ...where, ...tree.stretchBelow(checkpoint.size) });
    }
    for (const { h, index, effTs, recvAt } of receipt.placements) {
      const found = known.find(h);
      if (found === undefined) {
        findings.add({
          code: 'receipt.lost',
          ...where,
          h,
          ...(verdict !== 'lost' && tree.stretchBelow(index + 1)),
        });
        continue;
      }
      const { device, n, ...entry } = known.at(found);
      if (verdict === 'lost' || (found === index && entry.effTs === effTs && entry.recvAt === recvAt))
        continue;
      const about = { code: 'receipt.other', ...where, h, device, n } as const;
      // One that moved tells of something before it; at its own place, it was altered itself.
      const at = found === index ? { index } : tree.stretchBelow(Math.max(found, index) + 1);
      findings.add({ ...about, ...at });
    }
  }
}
