import { setImmediate } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { PullAnswer, syncProtocol } from '../../shared/log/exchange.ts';
import type { SignedInDevice } from '../hub-log/load/signed-in-device.ts';
import { machineLine } from './machine.ts';
import { mean, quantile, rateOf } from './measure.ts';
import { type BareWriter, openBareWriter } from './sync/bare-writer.ts';
import { benchFolder, type BenchHub, openBenchHub } from './sync/bench-hub.ts';
import { cpuUs, type LoopDelay, loopDelayDuring } from './sync/loop-delay.ts';
import { createPushTexts } from './sync/push-texts.ts';

/**
 * `npm run bench:sync`: pushes through `app.fetch` with real tokens (authorised, checked, sealed, placed, folded, counted,
 * receipted, durable), and then the very statements that the hub committed for them, sent bare to libSQL on the same disk,
 * batch by batch, in turn in the same run. Then pulls. Rates on a busy machine say little; shares say more.
 */

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '4' },
    pushes: { type: 'string', default: '12' },
    writers: { type: 'string', default: '1000' },
  },
});
const [rounds, pushes, writers] = [options.rounds, options.pushes, options.writers].map(Number);
if (!rounds || !pushes || !writers) throw new TypeError('--rounds, --pushes and --writers take a number');

const aimedShare = 0.6;
const aimedDelayMs = 50;
const largePush = 500;
const pushersOfLarge = 4;
const smallPushes = [1, 2, 4, 8];
const pushesOfEachWriter = 3;
const startsPerTurn = 16;
const pullersAtOnce = 4;

const count = (value: number): string => Math.round(value).toLocaleString('en').padStart(9);
const percent = (share: number): string => `${(100 * share).toFixed(0)} %`.padStart(6);

interface Round {
  readonly entries: number;
  readonly hubMs: number;
  readonly bareMs: number;
  /** Computed by the thread of the requests. */
  readonly requestsCpuUs: number;
  /** Computed by all threads: signatures, the database, its clean-up. */
  readonly hubCpuUs: number;
  readonly bareCpuUs: number;
  readonly batches: number;
}

interface Push {
  readonly from: SignedInDevice;
  readonly entries: number;
  readonly text: string;
}

/** Pushes of each list one after the other, the lists at once; then the same statements bare. */
async function pushRound(
  hub: BenchHub,
  bare: BareWriter,
  lists: readonly (readonly Push[])[],
): Promise<Round & LoopDelay> {
  await bare.write(hub.batches.slice(replayed));
  replayed = hub.batches.length;
  let hubMs = 0;
  const began = cpuUs();
  const delay = await loopDelayDuring(async () => {
    const started = performance.now();
    await Promise.all(
      lists.map(async (list, number) => {
        // As from a network: not all in the same turn of the loop, but all before the first is answered.
        for (let turn = 0; turn < number / startsPerTurn; turn++) await setImmediate();
        for (const { from, text } of list) await hub.post('/sync/push', text, from.accessToken());
      }),
    );
    hubMs = performance.now() - started;
  });
  const between = cpuUs();
  const batches = hub.batches.slice(replayed);
  replayed = hub.batches.length;
  const bareMs = await bare.write(batches);
  const entries = lists.flat().reduce((sum, push) => sum + push.entries, 0);
  return {
    ...delay,
    entries,
    hubMs,
    bareMs,
    requestsCpuUs: between.thread - began.thread,
    hubCpuUs: between.process - began.process,
    bareCpuUs: cpuUs().process - between.process,
    batches: batches.length,
  };
}
let replayed = 0;

/** On a busy machine computing time says more than time. */
function reportCpu(done: readonly Round[]): void {
  const [requests, hub, bare] = (['requestsCpuUs', 'hubCpuUs', 'bareCpuUs'] as const).map((part) =>
    quantile(
      done.map((round) => round[part] / round.entries),
      0.5,
    ).toFixed(0),
  );
  console.log(
    `  computed for each entry: ${hub} µs, ${requests} µs of them by the thread of the requests; bare ${bare} µs`,
  );
}

function report(name: string, done: readonly Round[]): number {
  const rates = done.map(({ entries, hubMs }) => (entries * 1000) / hubMs);
  const bareRates = done.map(({ entries, bareMs }) => (entries * 1000) / bareMs);
  const shares = done.map(({ hubMs, bareMs }) => bareMs / hubMs);
  const perBatch = mean(done.map(({ entries, batches }) => entries / batches));
  console.log(
    `${name.padEnd(40)}${count(quantile(rates, 0.5))}/s  bare ${count(quantile(bareRates, 0.5))}/s  share ${percent(quantile(shares, 0.5))}` +
      `  (${shares.map((share) => percent(share).trim()).join(', ')}; ${perBatch.toFixed(0)} entries a commit)`,
  );
  reportCpu(done);
  return quantile(shares, 0.5);
}

async function pullRate(hub: BenchHub, bodies: boolean): Promise<number> {
  const { administrator } = hub;
  const pull = async (epoch: string | null, cursor: number): Promise<string> => {
    const request = { protocol: syncProtocol, epoch, cursor, limit: largePush, bodies, verified: null };
    return hub.post('/sync/pull', JSON.stringify(request), administrator.accessToken());
  };
  const { epoch, checkpoint } = PullAnswer.parse(JSON.parse(await pull(null, 0)));
  const pages = Math.floor(checkpoint.size / largePush);
  const perSecond = await rateOf(Math.max(pages, 60), pullersAtOnce, async (page) => {
    await pull(epoch, (page % pages) * largePush);
  });
  return perSecond * largePush;
}

const folder = await benchFolder();
console.log(machineLine());
const hub = await openBenchHub(folder.path);
const bare = await openBareWriter(folder.path);
const textOf = createPushTexts();
console.log(`${writers} devices sign in…`);
const devices: SignedInDevice[] = [];
for (let number = 0; number < writers; number++) devices.push(await hub.signIn(number));

const large: Round[] = [];
const small: (Round & LoopDelay)[] = [];
// The first is not counted: the programs have to be compiled, and the files to be begun.
for (let round = 0; round <= rounds; round++) {
  const largeLists = await Promise.all(
    devices.slice(0, pushersOfLarge).map(async (from) => {
      const list: Push[] = [];
      for (let push = 0; push < pushes / pushersOfLarge; push++) {
        list.push({ from, entries: largePush, text: await textOf(from, largePush) });
      }
      return list;
    }),
  );
  const largeRound = await pushRound(hub, bare, largeLists);

  const smallLists: Push[][] = [];
  for (const [at, from] of devices.entries()) {
    const entries = smallPushes[at % smallPushes.length]!;
    const list: Push[] = [];
    for (let push = 0; push < pushesOfEachWriter; push++) {
      list.push({ from, entries, text: await textOf(from, entries) });
    }
    smallLists.push(list);
  }
  const smallRound = await pushRound(hub, bare, smallLists);
  if (round === 0) continue;
  large.push(largeRound);
  small.push(smallRound);
}

const shares = [
  report(`pushes of ${largePush}, ${pushersOfLarge} at once`, large),
  report(`pushes of ${smallPushes.join(', ')}, ${writers} writers at once`, small),
];
const headers = await pullRate(hub, false);
const bodies = await pullRate(hub, true);
console.log(`pull of headers${count(headers)} entries/s, with bodies${count(bodies)} entries/s`);
const delayMs = quantile(
  small.map(({ wallMs, computedMs }) => Math.min(wallMs, computedMs)),
  0.5,
);
const each = small.map(
  ({ wallMs, computedMs }) => `${wallMs.toFixed(0)} (${computedMs.toFixed(0)} computed)`,
);
console.log(`event-loop delay p99 with ${writers} writers ${each.join(', ')} ms; aim below ${aimedDelayMs}`);
console.log(`SQLITE_BUSY: ${hub.busy()}`);
await hub.close();
bare.close();
await folder.remove();
const isReached = shares.every((share) => share >= aimedShare) && delayMs < aimedDelayMs && hub.busy() === 0;
console.log(
  isReached ? 'All aims are reached.' : `Not every aim is reached (share ${percent(aimedShare).trim()}).`,
);
process.exitCode = isReached ? 0 : 1;
