import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildInto } from '../../web/build/build-into.ts';
import type { RecordsStatus } from '../../web/engine/records-api.ts';
import { openProfile } from '../browser/open-browser.ts';
import { serveTestHub } from '../records/served-hub.ts';
import { machineLine } from './machine.ts';

/**
 * `npm run bench:rebuild`: the records of a profile are deleted, and made anew from the hub, in Chromium: from the press of the
 * button until everything is here again. Each study is an X-ray, its result and its review.
 */

const { values: options } = parseArgs({ options: { studies: { type: 'string', default: '1000' } } });
const studies = Number(options.studies);
if (!studies) throw new TypeError('--studies takes a number');

const aimedMs = 120_000;
const together = 100;
const ann = { email: 'ann@example.org', password: 'seven lungs under glass', deviceName: 'laptop' };
const hexOf = (n: number): string => n.toString(16).padStart(64, '0');

function entriesOf(study: number): readonly object[] {
  const entity = hexOf(study);
  const patient = { name: `Patient^Number ${study}`, id: `id ${study}`, birthDate: '1980-01-01' };
  const sizes = { bytes: 8_000_000, width: 2140, height: 1760 };
  const image = {
    sha256: hexOf(study),
    type: 'application/dicom',
    fileName: `${study}.dcm`,
    ...sizes,
    patient,
  };
  const findings = Array.from({ length: 6 }, (_, index) => ({
    code: `finding-${index}`,
    probability: index / 7,
    positive: index > 3,
    text: 'x'.repeat(150),
  }));
  const result = { image: entity, modelSha256s: [hexOf(1), hexOf(2)], analysis: { findings } };
  const review = {
    findings: [{ code: 'pneumonia', present: 'no' }],
    results: [],
    note: 'Both lungs are clear; the heart is not enlarged. '.repeat(4),
  };
  return [
    { kind: 'image.added', entity, body: image },
    { kind: 'result.added', entity: `result ${entity}`, body: result },
    { kind: 'review.added', entity, body: review },
  ];
}

const folder = await mkdtemp(join(tmpdir(), 'fieldray-rebuild-'));
const root = fileURLToPath(new URL('../fixtures/device-page', import.meta.url));
await buildInto(join(folder, 'page'), { root });
const hub = await serveTestHub(join(folder, 'page'));
await hub.member(ann.email, ann.password, 'doctor');
console.log(machineLine());
const context = await openProfile(join(folder, 'profile'));
const page = await context.newPage();

async function ask<Answer>(call: string, ...args: readonly unknown[]): Promise<Answer> {
  const said = await page.evaluate<{ answer?: Answer; code?: string }>(
    `ask(${JSON.stringify(call)}, ${JSON.stringify(args)})`,
  );
  if (said.code !== undefined) throw new Error(`${call}: ${said.code}`);
  return said.answer!;
}
/** Asked from outside: the policy of the page lets nobody evaluate a text in it. */
async function until(wanted: (status: RecordsStatus) => boolean): Promise<void> {
  for (;;) {
    const status = await page.evaluate<RecordsStatus | undefined>('recordsStatus()');
    if (status !== undefined && wanted(status)) return;
    await setTimeout(50);
  }
}
const settled = (): Promise<void> =>
  until(({ sync, open }) => sync.state === 'settled' && open?.counts.outbox === 0);

await page.goto(hub.address);
await ask('signIn', ann);
for (let study = 0; study < studies; study += together) {
  const count = Math.min(together, studies - study);
  await ask('append', Array.from({ length: count }, (_, index) => entriesOf(study + index)).flat());
}
await settled();
const { open } = await ask<RecordsStatus>('unlock', ann);
await page.evaluate(
  `new Promise((resolve) => { indexedDB.deleteDatabase('fieldray-records').onsuccess = resolve; })`,
);
await page.reload();
await until(({ damage }) => damage === 'records-gone');
const start = performance.now();
await ask('unlock', { ...ann, rebuild: true });
await settled();
const tookMs = performance.now() - start;
const after = await ask<readonly unknown[]>('rows', 'images', { limit: studies + 1 });
const isWhole = after.length === studies;
console.log(
  `${studies} studies (${open?.counts.entries} entries) made anew in ${(tookMs / 1000).toFixed(1)} s; aim ${aimedMs / 1000} s` +
    (isWhole ? '' : `; ONLY ${after.length} STUDIES ARE THERE`),
);
await context.close();
await hub.close();
await rm(folder, { recursive: true });
process.exitCode = isWhole && tookMs <= aimedMs ? 0 : 1;
