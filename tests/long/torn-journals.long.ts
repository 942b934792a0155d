import { expect, it } from 'vitest';
import { startTornCampaign, type TornCampaign } from '../hub-log/torn/torn-campaign.ts';
import { runLong } from './long-progress.ts';

/** Images of a power loss (`tests/hub-log/torn/torn-image.ts`). FIELDRAY_IMAGES=N asks for another number. */

const wanted = Number(process.env['FIELDRAY_IMAGES'] ?? 10_000);
/** Other commits every so many images. */
const perSeed = 500;
const commits = 24;

it(`${wanted} torn images all open, each as before or after the commit`, async () => {
  let campaign: TornCampaign | undefined;
  let campaignSeed = 0;
  const progress = await runLong<Record<string, number>>({
    name: 'torn-journals',
    wanted,
    sources: ['server/store/**/*.ts', 'tests/hub-log/torn/*.ts'],
    none: {},
    async step(number, tally) {
      const seed = 1 + Math.floor(number / perSeed);
      if (seed !== campaignSeed) {
        await campaign?.close();
        campaign = await startTornCampaign(seed, commits);
        campaignSeed = seed;
      }
      const { stage, problem } = await campaign!.tryImage(number);
      tally[stage] = (tally[stage] ?? 0) + 1;
      return problem === undefined ? [] : [problem];
    },
  });
  await campaign?.close();
  const { next, seconds, tally, problems } = progress;
  const counts = Object.entries(tally).map(([stage, count]) => `${count} ${stage}`);
  process.stdout.write(
    `${next} of ${wanted} images in ${Math.round(seconds)} s, seeds 1 to ${campaignSeed}: ${counts.join(', ')}\n`,
  );
  expect(problems).toEqual([]);
  expect(next, 'the same command goes on').toBeGreaterThanOrEqual(wanted);
}, 3_600_000);
