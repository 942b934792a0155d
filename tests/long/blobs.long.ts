import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { mib } from '../blobs/blob-store.contract.ts';
import { type CampaignCounts, campaignText, uploadCampaign } from '../blobs/upload-campaign.ts';

/**
 * `tests/property/blob-uploads.test.ts` with 200 files of 32 MiB. At most 50 minutes at a time: the same command goes on
 * where it stopped, and with other files when it was through.
 */

const wanted = 200;
const size = 32 * mib;
const perRound = 10;
const killsPerRound = 1;
const longestMs = 50 * 60_000;
const path = '.cache/long/blobs.json';

interface Progress {
  readonly first: number;
  readonly counts: CampaignCounts;
}

const none: CampaignCounts = {
  uploads: 0,
  wantedBytes: 0,
  sentBytes: 0,
  cuts: 0,
  lostAnswers: 0,
  kills: 0,
  growthBytes: 0,
};

function lastProgress(): Progress {
  try {
    const last = JSON.parse(readFileSync(path, 'utf8')) as Progress;
    return last.counts.uploads < wanted ? last : { first: last.first + wanted, counts: none };
  } catch {
    return { first: 1000, counts: none };
  }
}

function sum(a: CampaignCounts, b: CampaignCounts): CampaignCounts {
  return {
    uploads: a.uploads + b.uploads,
    wantedBytes: a.wantedBytes + b.wantedBytes,
    sentBytes: a.sentBytes + b.sentBytes,
    cuts: a.cuts + b.cuts,
    lostAnswers: a.lostAnswers + b.lostAnswers,
    kills: a.kills + b.kills,
    growthBytes: Math.max(a.growthBytes, b.growthBytes),
  };
}

it(`${wanted} files of 32 MiB arrive over a line that breaks all the time, at a hub that is killed`, async () => {
  let { first, counts } = lastProgress();
  const begun = performance.now();
  while (counts.uploads < wanted && performance.now() - begun < longestMs) {
    const seed = first + counts.uploads;
    const round = { seed, first: seed, uploads: perRound, size, kills: killsPerRound };
    counts = sum(counts, await uploadCampaign(round));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${JSON.stringify({ first, counts })}\n`);
  }
  process.stdout.write(`seeds ${first} to ${first + counts.uploads - perRound}: ${campaignText(counts)}\n`);
  expect(counts.uploads, 'the same command goes on').toBeGreaterThanOrEqual(wanted);
  expect(counts.kills).toBeGreaterThanOrEqual(20);
  expect(counts.sentBytes).toBeLessThanOrEqual(1.05 * counts.wantedBytes);
  expect(counts.growthBytes).toBeLessThanOrEqual(64 * mib);
}, 3_600_000);
