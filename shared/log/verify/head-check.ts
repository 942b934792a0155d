import { isSoundHead, type SignedHead } from '../entry.ts';
import type { LogCrypto } from '../log-crypto.ts';
import type { Findings } from './findings.ts';
import type { KnownEntries } from './known-entries.ts';
import type { SignatureChecks } from './signature-checks.ts';

/** Notes what a device signed for; what is covered is known when the signatures have settled. */
export async function checkHead(
  head: SignedHead,
  line: number,
  { known, findings, signatures }: { known: KnownEntries; findings: Findings; signatures: SignatureChecks },
  crypto: LogCrypto,
): Promise<void> {
  const { h, device, n } = head;
  const index = known.find(h);
  if (index === undefined) {
    findings.add({ code: 'head.lost', line, h, device, n });
    return;
  }
  const entry = known.at(index);
  if (entry.device !== device || entry.n !== n) {
    findings.add({ code: 'head.other', line, index, h, device, n });
    return;
  }
  await signatures.add(isSoundHead(head, crypto), (isSound) => {
    if (isSound) known.cover(index);
    else findings.add({ code: 'head.signature', line, index, h, device, n });
  });
}

/**
 * After all signatures: no device vouches for these. One finding for each device: which of its entries is the bad one, the
 * chain cannot tell, since a lost signature leaves those before it without one too.
 */
export function reportUnsigned(known: KnownEntries, findings: Findings): void {
  const last = new Map<string, number>();
  const first = new Map<string, number>();
  for (const index of known.uncovered()) {
    const { h, device } = known.at(index);
    // A line that could not be read has been reported.
    if (h === '') continue;
    if (!first.has(device)) first.set(device, index);
    last.set(device, index);
  }
  for (const [device, index] of first) {
    const { h, n, line } = known.at(index);
    findings.add({ code: 'entry.unsigned', line, index, before: last.get(device)! + 1, h, device, n });
  }
}
