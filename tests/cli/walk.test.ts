import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../../server/config.ts';
import { type Hub, startHub } from '../../server/entry/start-hub.ts';
import { fieldray } from '../fixtures/run-fieldray.ts';
import { fakePool } from '../hub/fake-pool.ts';

/** The walk of the README, line by line as it stands there, against a hub on the disk. */

let folder: string;
let hub: Hub;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fieldray-walk-'));
  const config = readConfig({ PORT: '0', DATA_DIR: join(folder, 'data') });
  hub = await startHub(config, fakePool(), () => undefined);
});

afterAll(async () => {
  await hub.stop();
  await rm(folder, { recursive: true, force: true });
});

async function linesOfTheWalk(): Promise<string[]> {
  const readme = await readFile(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8');
  const [, block] = /<!-- walk:[^\n]*-->\n```sh\n([\s\S]*?)```/.exec(readme) ?? [];
  return (block ?? '').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

function run(line: string): Promise<{ status: number | null; said: string }> {
  const { promise, resolve } = Promise.withResolvers<{ status: number | null; said: string }>();
  const command = line
    .replace('npx fieldray', `'${process.execPath}' '${fieldray}'`)
    .replace('http://127.0.0.1:8787', hub.address);
  const shell = spawn('sh', ['-c', command], {
    cwd: folder,
    env: { ...process.env, DATA_DIR: join(folder, 'data') },
  });
  let said = '';
  shell.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  shell.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  shell.on('close', (status) => resolve({ status, said }));
  return promise;
}

it('is what the README says, to the last line', { timeout: 300_000 }, async () => {
  const lines = await linesOfTheWalk();
  expect(lines.length).toBeGreaterThan(15);
  const said = new Map<string, string>();
  for (const line of lines) {
    const outcome = await run(line);
    const isAltered = line.includes('verify altered.jsonl');
    expect([line, outcome]).toEqual([
      line,
      { status: isAltered ? 1 : 0, said: expect.any(String) as string },
    ]);
    said.set(line.replace(/ +#.*$/, ''), outcome.said);
  }
  const saidTo = (start: string): string =>
    said.get(lines.find((line) => line.startsWith(start))!.replace(/ +#.*$/, ''))!;
  expect(saidTo('npx fieldray device status --home clinic')).toContain('92fedea8');
  expect(saidTo('npx fieldray device status --home ward')).toContain('DISCORDANT');
  expect(saidTo('npx fieldray verify records.jsonl')).toMatch(/^SOUND/);
  const altered = (await readFile(join(folder, 'altered.jsonl'), 'utf8')).split('\n');
  const line = altered.find((text) => text.includes('review.adder'))!;
  const { place } = JSON.parse(line) as { readonly place: { readonly index: number } };
  expect(saidTo('npx fieldray verify altered.jsonl')).toMatch(
    new RegExp(`First bad record: record ${place.index + 1}\\b`),
  );
});
