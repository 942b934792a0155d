import { z } from 'zod';
import { verifyExport } from '../../../shared/log/verify/verify-export.ts';
import { nodeCrypto, runningSha256 } from '../../../server/keys/node-crypto.ts';
import type { SignedInDevice } from '../load/signed-in-device.ts';
import type { Acknowledged } from './writer.ts';

/**
 * Takes the export of a running hub and judges it offline, against the key that was pinned at the beginning and the last
 * receipt of each writer: chains, heads, the tree under every checkpoint, and stored rows against a replay of the log.
 * @returns what is wrong
 */
export async function auditHub(
  origin: string,
  admin: SignedInDevice,
  rootKey: string,
  { receipts }: Acknowledged,
): Promise<string[]> {
  const response = await fetch(`${origin}/api/v1/audit/export`, {
    headers: { Authorization: `Bearer ${admin.accessToken()}` },
  });
  const bytes = await response.bytes();
  if (!response.ok) return [`the export was answered ${response.status}`];
  async function* open(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  const given = [...receipts].map(([name, receipt]) => ({ name, receipt }));
  const crypto = { ...nodeCrypto, startSha256: runningSha256 };
  const report = await verifyExport({ open, pinnedKeys: [rootKey], receipts: given }, crypto);
  return report.verdict === 'sound'
    ? []
    : [`the export is ${report.verdict}: ${JSON.stringify(report.findings.slice(0, 5))}`];
}

export const CheckpointAnswer = z.object({ rootKey: z.string() });
