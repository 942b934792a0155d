import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { ensureChromium } from './find-chromium.ts';

/** `npm run test:long -- NAME`: one campaign that takes too long for every commit. Without a name: which there are. */

const names = globSync('tests/long/*.long.ts').map((path) => path.replace(/^.*\/|\.long\.ts$/g, ''));
const [name] = process.argv.slice(2);
if (name === undefined || !names.includes(name)) {
  console.log(`Usage: npm run test:long -- NAME\nThere are: ${names.toSorted().join(', ')}`);
  process.exit(name === undefined ? 0 : 1);
}
ensureChromium(console.log);
const { status } = spawnSync('vitest', ['run', '--reporter=verbose', `tests/long/${name}.long.ts`], {
  stdio: ['ignore', 'inherit', 'inherit'],
  env: { ...process.env, FIELDRAY_LONG: name },
});
process.exitCode = status ?? 1;
