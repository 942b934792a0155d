import { expect, it } from 'vitest';
import { mib } from '../blobs/blob-store.contract.ts';
import { campaignText, uploadCampaign } from '../blobs/upload-campaign.ts';

const seed = 20260101;

/** `tests/long/blobs.long.ts` does the same with more. */
it('20 files of 8 MiB arrive over a line that breaks all the time, at a hub that is killed', async () => {
  const counts = await uploadCampaign({ seed, first: 0, uploads: 20, size: 8 * mib, kills: 4 });
  const said = `seed ${seed}: ${campaignText(counts)}`;
  expect(counts.kills, said).toBe(4);
  expect(counts.cuts, said).toBeGreaterThan(60);
  expect(counts.lostAnswers, said).toBeGreaterThan(20);
  expect(counts.sentBytes, said).toBeLessThanOrEqual(1.05 * counts.wantedBytes);
  expect(counts.growthBytes, said).toBeLessThanOrEqual(64 * mib);
}, 180_000);
