import { expect, it } from 'vitest';
import { noKills, startKillCampaign } from './kill/kill-campaign.ts';

/** The long run of it: `npm run test:long -- kill`. */

const kills = 20;

it(`loses nothing that it acknowledged when it is killed ${kills} times under load`, async () => {
  const tally = { ...noKills };
  const campaign = await startKillCampaign(1);
  const problems: string[] = [];
  try {
    for (let kill = 1; kill <= kills; kill++) problems.push(...(await campaign.killOnce(tally)));
    problems.push(...(await campaign.audit()));
  } finally {
    await campaign.close();
  }
  expect(problems).toEqual([]);
  // Or nothing was shown: kills came while there was work.
  expect(tally.acknowledged).toBeGreaterThan(10 * kills);
  expect(tally.storedUnheard + tally.notStored).toBeGreaterThan(kills);
}, 240_000);
