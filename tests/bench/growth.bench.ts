import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seededRandom } from '../../shared/kernel/seeded-random.ts';
import { PullAnswer, syncProtocol } from '../../shared/log/exchange.ts';
import { type Answer, mustAnswer } from '../hub-log/load/ask-hub.ts';
import { type GrownHub, growHub } from './growth/grown-hub.ts';
import { machineLine } from './machine.ts';
import { quantile } from './measure.ts';
import { benchFolder } from './sync/bench-hub.ts';

/**
 * `npm run bench:growth`: two hubs, one with a small log and one with a large one, are asked the same things in turn, at
 * random places, over HTTP; and how long the large one takes from the start of its process to its first records.
 */

const { values: options } = parseArgs({
  options: {
    small: { type: 'string', default: '10000' },
    large: { type: 'string', default: '1000000' },
    times: { type: 'string', default: '300' },
  },
});
const [small, large, times] = [options.small, options.large, options.times].map(Number);
if (!small || !large || !times) throw new TypeError('--small, --large and --times take a number');

const seed = 1;
const allowedRatio = 2;
const allowedStartMs = 2000;
const pageSize = 100;
/** Of one place; the quickest counts, because what else runs on the machine is not the hub's growth. */
const asksEach = 3;
const starts = 5;

interface Question {
  readonly name: string;
  readonly ask: (hub: GrownHub, epoch: string, index: number) => Promise<Answer>;
}

function pullOf(bodies: boolean): Question['ask'] {
  return (hub, epoch, cursor) => {
    const request = { protocol: syncProtocol, epoch, cursor, limit: pageSize, bodies, verified: null };
    return hub.life().ask('POST', '/sync/pull', request, hub.signedIn.accessToken());
  };
}

const listOf =
  (path: (index: number) => string): Question['ask'] =>
  (hub, _epoch, index) =>
    hub.life().ask('GET', path(index), undefined, hub.signedIn.accessToken());

const questions: readonly Question[] = [
  { name: 'pull of headers', ask: pullOf(false) },
  { name: 'pull with bodies', ask: pullOf(true) },
  { name: 'list of the log, newest', ask: listOf(() => `/audit/entries?limit=${pageSize}`) },
  {
    name: 'list of the log, anywhere',
    ask: listOf((index) => `/audit/entries?limit=${pageSize}&before=${index + 1}`),
  },
  {
    name: 'list of one rare kind',
    ask: listOf((index) => `/audit/entries?limit=${pageSize}&kind=user.approved&before=${index + 1}`),
  },
  { name: 'list of accounts', ask: listOf(() => '/users') },
  { name: 'list of devices', ask: listOf(() => '/devices') },
  { name: 'proof of an earlier tree', ask: listOf((index) => `/audit/proof?size=${index}`) },
];

async function epochOf(hub: GrownHub): Promise<string> {
  const request = { protocol: syncProtocol, epoch: null, cursor: 0, limit: 1, verified: null };
  const asked = hub.life().ask('POST', '/sync/pull', request, hub.signedIn.accessToken());
  return PullAnswer.parse(await mustAnswer(asked)).epoch;
}

const folder = await benchFolder();
console.log(machineLine());
console.log(`Filling logs of ${small} and ${large} entries…`);
const say = (line: string): void => console.log(line);
const hubs = [
  await growHub(join(folder.path, 'small'), small, say),
  await growHub(join(folder.path, 'large'), large, say),
] as const;

const random = seededRandom(seed);
for (const hub of hubs) await hub.signedIn.signInAgain();
const epochs = [await epochOf(hubs[0]), await epochOf(hubs[1])];
let isReached = true;
console.log(
  `each asked at ${times} places of both in turn, the quickest of ${asksEach} counts; pages of ${pageSize}, seed ${seed}; in ms`,
);
for (const { name, ask } of questions) {
  const taken: [number[], number[]] = [[], []];
  // Tokens last ten minutes.
  for (const hub of hubs) await hub.signedIn.signInAgain();
  for (let time = -10; time < times; time++) {
    const at = random();
    for (const [which, hub] of hubs.entries()) {
      const index = Math.floor(at * (hub.entries - pageSize));
      let quickest = Number.POSITIVE_INFINITY;
      for (let again = 0; again < asksEach; again++) {
        const started = performance.now();
        await mustAnswer(ask(hub, epochs[which]!, index));
        quickest = Math.min(quickest, performance.now() - started);
      }
      if (time >= 0) taken[which]!.push(quickest);
    }
  }
  const figures = taken.map((ms) => [quantile(ms, 0.5), quantile(ms, 0.99)] as const);
  const [[smallMedian, smallP99], [largeMedian, largeP99]] = [figures[0]!, figures[1]!];
  const ratio = largeP99 / smallP99;
  if (ratio > allowedRatio) isReached = false;
  const two = (ms: number): string => ms.toFixed(1).padStart(7);
  console.log(
    `${name.padEnd(28)}p99 ${two(smallP99)} and ${two(largeP99)}, ratio ${ratio.toFixed(2)}` +
      `  (medians ${two(smallMedian)} and ${two(largeMedian)})`,
  );
}

const startTimes: { wallMs: number; cpuMs: number }[] = [];
for (let start = 0; start < starts; start++) startTimes.push(await hubs[1].restart());
const wallMs = quantile(
  startTimes.map((life) => life.wallMs),
  0.5,
);
const cpuMs = quantile(
  startTimes.map((life) => life.cpuMs),
  0.5,
);
if (Math.min(wallMs, cpuMs) > allowedStartMs) isReached = false;
console.log(
  `start to first records with ${large} entries: ${Math.round(wallMs)} ms, of which ${Math.round(cpuMs)} ms computing (medians of ${starts})`,
);
for (const hub of hubs) await hub.life().kill();
await folder.remove();
console.log(
  isReached
    ? 'All aims are reached.'
    : `Not every aim is reached (ratio ${allowedRatio}, start ${allowedStartMs} ms).`,
);
process.exitCode = isReached ? 0 : 1;
