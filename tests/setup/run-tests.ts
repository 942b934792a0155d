import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { ensureChromium } from './find-chromium.ts';
import { deadCode, format, type GateResult, lint, typeCheck } from './gates.ts';

/**
 * `npm test`: the gates, then all tests; `npm test -- FILE…`: these test files alone.
 * The last line adds up all runners: a gate counts as one.
 */

interface Counts {
  passed: number;
  failed: number;
}

function runGate(gate: () => GateResult, counts: Counts): void {
  const { name, passed, summary, output } = gate();
  console.log(`${passed ? '✓' : '✗'} ${name}: ${summary}`);
  if (!passed) console.log(output);
  counts[passed ? 'passed' : 'failed'] += 1;
}

function runVitest(files: readonly string[], counts: Counts): void {
  const report = '.cache/vitest.json';
  mkdirSync('.cache', { recursive: true });
  const { status } = spawnSync(
    'vitest',
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...files],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const { numPassedTests = 0, numFailedTests = 0 } = JSON.parse(readFileSync(report, 'utf8')) as {
    numPassedTests?: number;
    numFailedTests?: number;
  };
  counts.passed += numPassedTests;
  counts.failed += numFailedTests;
  // A suite that cannot even be loaded fails the run without a failed test.
  if (status !== 0 && numFailedTests === 0) counts.failed += 1;
}

const files = process.argv.slice(2);
const counts: Counts = { passed: 0, failed: 0 };
if (files.length === 0) for (const gate of [typeCheck, lint, format, deadCode]) runGate(gate, counts);
if (files.length === 0 || files.some((file) => file.includes('browser'))) {
  const chromium = ensureChromium(console.log);
  if (chromium === undefined) {
    console.log('✗ browser: no Chromium could be found or installed');
    counts.failed += 1;
  }
}
// Once, before the test files that use it: they run side by side.
const { status: built } = spawnSync('node', ['web/build/build-page.ts', '--if-stale'], {
  stdio: ['ignore', 'inherit', 'inherit'],
});
if (built !== 0) {
  console.log('✗ page: it could not be built');
  counts.failed += 1;
}
runVitest(files, counts);
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
