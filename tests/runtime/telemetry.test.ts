import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

/**
 * The native runtime's telemetry opens a log in the temporary folder as soon as it starts. A process that loads the
 * runtime as the pipeline does must leave nothing there; one that loads it plainly shows that this test can see it. Both
 * run in a network namespace of their own, from which nothing can be sent.
 */
const canBeCutOff = spawnSync('unshare', ['-rn', 'true']).status === 0;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fieldray-telemetry-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function tracesOf(program: 'start-pipeline' | 'start-plain-runtime'): string[] {
  const script = fileURLToPath(new URL(`../fixtures/${program}.ts`, import.meta.url));
  const { status, stderr } = spawnSync('unshare', ['-rn', process.execPath, script], {
    // Nothing else: the client keeps quiet where it sees a build server.
    env: { PATH: process.env['PATH'], TMPDIR: folder, HOME: folder },
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return readdirSync(folder, { recursive: true, encoding: 'utf8' });
}

it.skipIf(!canBeCutOff)('does not start the telemetry of the native runtime', () => {
  expect(tracesOf('start-pipeline')).toEqual([]);
});

it.skipIf(!canBeCutOff)('would notice it (skipped without unshare)', () => {
  expect(tracesOf('start-plain-runtime').length).toBeGreaterThan(0);
});
