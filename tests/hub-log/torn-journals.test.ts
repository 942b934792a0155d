import { tmpdir } from 'node:os';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openImage } from './torn/try-image.ts';
import { startTornCampaign, type TornCampaign } from './torn/torn-campaign.ts';

/** The long run of it: `npm run test:long -- torn-journals`. */

const images = 500;
let campaign: TornCampaign;

beforeAll(async () => {
  campaign = await startTornCampaign(1, 16);
});
afterAll(() => campaign.close());

it(`opens ${images} images of a power loss, each as it was before or after the commit`, async () => {
  const problems: string[] = [];
  const stages = new Map<string, number>();
  for (let number = 0; number < images; number++) {
    const { stage, problem } = await campaign.tryImage(number);
    stages.set(stage, (stages.get(stage) ?? 0) + 1);
    if (problem !== undefined) problems.push(problem);
  }
  expect(problems).toEqual([]);
  expect([...stages.keys()].toSorted()).toEqual(['finished', 'header', 'synced', 'unsynced']);
  for (const count of stages.values()) expect(count).toBeGreaterThan(10);
}, 120_000);

it('makes images of commits that wrote to the database early, and of those that did not', () => {
  const early = campaign.commits.filter(({ before, during }) => Buffer.compare(before, during) !== 0);
  expect(early.length).toBeGreaterThan(2);
  expect(campaign.commits.length - early.length).toBeGreaterThan(2);
  expect(early.some(({ journal }) => journal.openAt > 0)).toBe(true);
});

it('sees what no power loss leaves: half of the pages and no journal', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fieldray-torn-'));
  const found: boolean[] = [];
  for (const [at, { before, after }] of campaign.commits.entries()) {
    if (at % 2 === 0 || before.length === 0 || before.length === after.length) continue;
    const half = after.slice();
    half.set(before.subarray(0, before.length / 2));
    const open = (name: string, database: Uint8Array): Promise<string> =>
      openImage(join(folder, `${name}-${at}`), { database, journal: new Uint8Array(0) });
    const whole = [await open('before', before), await open('after', after)];
    found.push(whole.includes(await open('half', half)));
  }
  await rm(folder, { recursive: true });
  // A commit whose pages all lie in one half is whole in either.
  expect(found.filter((isWhole) => !isWhole).length).toBeGreaterThan(2);
});
