import { expect, it } from 'vitest';
import {
  type KillCampaign,
  type KillTally,
  noKills,
  startKillCampaign,
  tallyText,
} from '../hub-log/kill/kill-campaign.ts';
import { runLong } from './long-progress.ts';

/** `kill -9` of a hub under load. FIELDRAY_KILLS=N asks for another number. */

const wanted = Number(process.env['FIELDRAY_KILLS'] ?? 1000);
/** Another hub and other clients every so many kills. */
const perSeed = 50;

it(`${wanted} kills lose nothing that was acknowledged and leave nothing half done`, async () => {
  let campaign: KillCampaign | undefined;
  let seed = 0;
  const inSeeds: Record<number, KillTally> = {};
  const progress = await runLong<Record<number, KillTally>>({
    name: 'kill',
    wanted,
    sources: ['shared/{kernel,log,api}/**/*.ts', 'server/**/*.ts', 'tests/hub-log/{kill,load}/*.ts'],
    none: inSeeds,
    async step(number, tallies) {
      const wantedSeed = 1 + Math.floor(number / perSeed);
      if (wantedSeed !== seed) {
        await campaign?.close();
        seed = wantedSeed;
        campaign = await startKillCampaign(seed);
      }
      const tally = (tallies[seed] ??= { ...noKills });
      const problems = await campaign!.killOnce(tally);
      if ((number + 1) % perSeed === 0) problems.push(...(await campaign!.audit()));
      return problems;
    },
  });
  await campaign?.close();
  const { next, seconds, tally, problems } = progress;
  const all = { ...noKills };
  for (const one of Object.values(tally)) {
    for (const name of ['kills', 'acknowledged', 'storedUnheard', 'notStored'] as const)
      all[name] += one[name];
    for (const name of ['slowestWallMs', 'slowestCpuMs'] as const) all[name] = Math.max(all[name], one[name]);
  }
  process.stdout.write(
    `${next} of ${wanted} in ${Math.round(seconds)} s, seeds 1 to ${seed}; ${tallyText(all)}\n`,
  );
  expect(problems).toEqual([]);
  expect(next, 'the same command goes on').toBeGreaterThanOrEqual(wanted);
}, 3_600_000);
