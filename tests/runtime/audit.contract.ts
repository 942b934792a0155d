import { expect, it } from 'vitest';
import {
  auditCheckpointEndpoint,
  auditEntriesEndpoint,
  auditExportEndpoint,
  auditProofEndpoint,
} from '../../shared/api/audit.ts';
import { fromHex, utf8 } from '../../shared/kernel/bytes.ts';
import { isExtension, isIncluded } from '../../shared/log/check-proof.ts';
import { nodeCrypto, runningSha256 } from '../../server/keys/node-crypto.ts';
import { verifyExport } from '../../shared/log/verify/verify-export.ts';
import { isSoundCheckpoint, leafOf, rootOfOrder, sha256 } from './second-witness.ts';
import type { Stage } from './stage.ts';
import { review } from './test-device.ts';

const crypto = { sha256: (bytes: Uint8Array): Uint8Array => sha256(bytes) };

/** The log as administrators and verifiers read it. */
export function auditContract(stage: () => Stage): void {
  it('lists entries, the newest first, with what they say', async () => {
    const { client, admin, doctor, push } = stage();
    const { h } = doctor.device.write(review('image-8', 'to be found'));
    await push(doctor, doctor.device.chain.slice(-1));
    const query = { limit: '3', kind: 'review.added' };
    const page = await client.get(auditEntriesEndpoint, { token: admin.token, query });
    expect(page.entries[0]).toMatchObject({ place: { h }, body: expect.stringContaining('to be found') });
    const older = { ...query, before: String(page.next) };
    const next = await client.get(auditEntriesEndpoint, { token: admin.token, query: older });
    const indices = [...page.entries, ...next.entries].map(({ place }) => place.index);
    expect(indices).toHaveLength(6);
    expect(indices).toEqual(indices.toSorted((a, b) => b - a));
  });

  it('writes down who looked', async () => {
    const { client, admin } = stage();
    const query = { kind: 'audit.read-the-log', limit: '1' };
    const { entries } = await client.get(auditEntriesEndpoint, { token: admin.token, query });
    expect(entries).toMatchObject([{ entry: { actor: admin.account.id } }]);
  });

  it('proves that an entry is in the tree that it signs', async () => {
    const { client, doctor, rootKey } = stage();
    const token = doctor.token;
    const { h } = doctor.device.chain[0]!;
    const { checkpoint, place, proof } = await client.get(auditProofEndpoint, { token, query: { h } });
    expect(isSoundCheckpoint(rootKey, checkpoint)).toBe(true);
    const claim = {
      leaf: leafOf(place!),
      index: place!.index,
      size: checkpoint.size,
      root: fromHex(checkpoint.root),
    };
    expect(isIncluded(claim, proof.map(fromHex), crypto)).toBe(true);
    expect(isIncluded({ ...claim, index: claim.index + 1 }, proof.map(fromHex), crypto)).toBe(false);
  });

  it('proves that its tree extends an earlier one', async () => {
    const { client, user, rootKey, pullAll } = stage();
    const token = user.token;
    const { checkpoint, earlier, proof } = await client.get(auditProofEndpoint, {
      token,
      query: { size: '7' },
    });
    expect(isSoundCheckpoint(rootKey, checkpoint)).toBe(true);
    const places = (await pullAll(user)).flatMap(({ entries }) => entries.map(({ place }) => place));
    expect(earlier).toEqual({ size: 7, root: rootOfOrder(places.slice(0, 7)) });
    const head = ({ size, root }: { size: number; root: string }) => ({ size, root: fromHex(root) });
    expect(isExtension(head(earlier!), head(checkpoint), proof.map(fromHex), crypto)).toBe(true);
  });

  it('knows no entry that it was not given', async () => {
    const { client, user } = stage();
    const code = await client.refusal(auditProofEndpoint, {
      token: user.token,
      query: { h: '0'.repeat(64) },
    });
    expect(code).toBe('log.unknown-entry');
  });

  it('shows its root key with what it signs', async () => {
    const { client, user, rootKey } = stage();
    const answer = await client.get(auditCheckpointEndpoint, { token: user.token });
    expect(answer.rootKey).toBe(rootKey);
    expect(isSoundCheckpoint(rootKey, answer.checkpoint)).toBe(true);
  });

  it('exports every record as lines that prove themselves', async () => {
    const { client, admin, rootKey, pullAll, receipts } = stage();
    const before = (await pullAll(admin)).flatMap(({ entries }) => entries);
    const answer = await client.ask(auditExportEndpoint, { token: admin.token });
    expect(answer.status).toBe(200);
    const text = await answer.text();
    expect(text.endsWith('\n')).toBe(true);
    const open = async function* (): AsyncIterable<Uint8Array> {
      yield utf8(text);
    };
    const kept = receipts.map((receipt, at) => ({ name: `receipt ${at}`, receipt }));
    expect(kept.length).toBeGreaterThan(10);
    const verifier = { ...nodeCrypto, startSha256: runningSha256 };
    const report = await verifyExport({ open, pinnedKeys: [rootKey], receipts: kept }, verifier);
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ verdict: 'sound', keysPinned: true, notes: { restores: 0 } });
    expect(report.counts.entries).toBeGreaterThanOrEqual(before.length);
  });
}
