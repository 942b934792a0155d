#!/usr/bin/env node
// The programs are TypeScript that Node 24 runs as it is. An older Node starts them with the one from node_modules.
import { spawn } from 'node:child_process';
import module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
// Half of a short command's time would go into reading these programs again.
const compiled = fileURLToPath(new URL('../../.cache/node', import.meta.url));
if (Number(process.versions.node.split('.')[0]) >= 24) {
  module.enableCompileCache(compiled);
  await import(main);
} else {
  const node = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node');
  const child = spawn(node, [main, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { NODE_COMPILE_CACHE: compiled, ...process.env },
  });
  // A signal sent to this process alone must not leave the reader running. Ctrl+C reaches both already.
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  process.on('SIGINT', () => undefined);
  child.on('error', (error) => {
    console.error(`Fieldray needs Node 24, which "npm ci" installs: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (status) => process.exit(status ?? 1));
}
