import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { bundledModelsDir } from '../../server/inference/model-files.ts';
import { createPool } from '../../server/inference/pool.ts';
import { phantomFile } from '../../shared/imaging/phantom-file.ts';
import { startHubProcess } from '../hub/hub-process.ts';
import { startBareSessions } from './bare-sessions.ts';
import { type HubClient, hubClient, multipartBody } from './hub-client.ts';
import { mean, quantile, rateOf } from './measure.ts';

/**
 * What the hub costs on top of the reading itself, on the same files and as many children, in interleaved rounds:
 * a) the two networks alone, b) `analyse` in child processes that open the files themselves, c) predict over HTTP.
 */

const clients = 4;
const aimedShare = 0.85;
const aimedHealthMs = 50;
const healthEveryMs = 50;

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    images: { type: 'string', default: '40' },
    children: { type: 'string', default: String(availableParallelism()) },
    side: { type: 'string', default: '1024' },
  },
});
const [rounds, images, children, side] = [options.rounds, options.images, options.children, options.side].map(
  Number,
);
if (!rounds || !images || !children || !side)
  throw new TypeError('--rounds, --images, --children and --side take a number');
const modelsDir = process.env['MODELS_DIR'] ?? bundledModelsDir;

async function pollHealth(client: HubClient, signal: AbortSignal, latencies: number[]): Promise<void> {
  while (!signal.aborted) {
    latencies.push(await client.health());
    await wait(healthEveryMs);
  }
}

const fixed = (value: number, digits = 1): string => value.toFixed(digits).padStart(8);

const folder = await mkdtemp(join(tmpdir(), 'fieldray-bench-'));
console.log(`Drawing 8 phantoms of ${side} × ${side} pixels…`);
const files = await Promise.all(
  Array.from({ length: 8 }, async (_, seed) => {
    const bytes = phantomFile({ width: side, height: side, seed, opacity: seed % 2 === 1 });
    const path = join(folder, `phantom-${seed}.png`);
    await writeFile(path, bytes);
    return { path, body: multipartBody(bytes, `phantom-${seed}.png`) };
  }),
);
const fileAt = (index: number) => files[index % files.length]!;

const bare = await startBareSessions(children, modelsDir);
const pool = createPool({ size: children, modelsDir });
await pool.ready();
const hub = await startHubProcess({ INFERENCE_CHILDREN: String(children), MODELS_DIR: modelsDir });
if (hub.address === undefined) throw new Error(hub.printed());
const client = hubClient(hub.address, await hub.signIn());

const analyseOnce = async (index: number): Promise<void> => {
  await pool.read({ source: { path: fileAt(index).path } });
};
const predictOnce = (index: number): Promise<void> => client.predict(fileAt(index).body);

await rateOf(files.length, clients, analyseOnce);
await rateOf(files.length, clients, predictOnce);

const rates = { bare: [] as number[], analyse: [] as number[], predict: [] as number[] };
const latencies: number[] = [];
console.log(
  `\n${cpus()[0]?.model}, ${availableParallelism()} cores; ${children} children, ${clients} clients, ${images} images a round\n`,
);
console.log('          a) networks   b) analyse   c) predict     c / b');
for (let round = 0; round < rounds; round += 1) {
  const bareRate = await bare.rate(images);
  const analyseRate = await rateOf(images, clients, analyseOnce);
  const stop = new AbortController();
  const polling = pollHealth(client, stop.signal, latencies);
  const predictRate = await rateOf(images, clients, predictOnce);
  stop.abort();
  await polling;
  rates.bare.push(bareRate);
  rates.analyse.push(analyseRate);
  rates.predict.push(predictRate);
  console.log(
    `round ${round + 1}  ${fixed(bareRate)}     ${fixed(analyseRate)}     ${fixed(predictRate)}  ${fixed(predictRate / analyseRate, 3)}`,
  );
}

const share = mean(rates.predict) / mean(rates.analyse);
const p99 = quantile(latencies, 0.99);
const verdict = (met: boolean): string => (met ? 'meets the aim' : 'misses the aim');
console.log(
  `mean     ${fixed(mean(rates.bare))}     ${fixed(mean(rates.analyse))}     ${fixed(mean(rates.predict))}  ${fixed(share, 3)}   images/s`,
);
console.log(
  `\npredict against analyse: ${(share * 100).toFixed(1)} % (aim: at least ${aimedShare * 100} %) – ${verdict(share >= aimedShare)}`,
);
console.log(
  `health/ meanwhile, ${latencies.length} times: median ${quantile(latencies, 0.5).toFixed(1)} ms, ` +
    `p99 ${p99.toFixed(1)} ms, max ${Math.max(...latencies).toFixed(1)} ms (aim: within ${aimedHealthMs} ms) – ` +
    verdict(p99 <= aimedHealthMs),
);

client.close();
bare.close();
await pool.close();
hub.signal('SIGTERM');
await hub.exitCode;
await rm(folder, { recursive: true });
