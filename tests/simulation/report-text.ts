import { createHash } from 'node:crypto';
import { type FaultKind, faultKinds, noFaults } from './faults.ts';
import type { RunOptions } from './run-seeds.ts';
import { addTallies, type SeedReport, type Tally, usualOptions } from './seed-report.ts';

/** What a campaign came to, in words for a terminal of 80 to 120 columns. */

/** The command that runs this seed alone. */
export function repeatCommand(seed: number, { devices, ops, store, mutant }: RunOptions): string {
  const options = [
    `--seeds 1 --from ${seed}`,
    ...(devices === usualOptions.devices ? [] : [`--devices ${devices}`]),
    ...(ops === usualOptions.ops ? [] : [`--ops ${ops}`]),
    ...(store === usualOptions.store ? [] : [`--store ${store}`]),
    ...(mutant === undefined ? [] : [`--mutant ${mutant}`]),
  ];
  return `npm run simulate -- ${options.join(' ')}`;
}

export function seedLine({ seed, digest, events, entries, violation }: SeedReport): string {
  const outcome = violation === undefined ? '✓' : '✗';
  const counts = `${String(entries).padStart(6)} entries ${String(events).padStart(8)} events`;
  return `${outcome} seed ${String(seed).padEnd(7)} ${counts}  ${digest.slice(0, 32)}`;
}

export function failureText(report: SeedReport, options: RunOptions): string {
  const { seed, violation } = report;
  if (violation === undefined) return '';
  const { invariant, message, lastEvents } = violation;
  const lines = [
    ``,
    `✗ Seed ${seed} violates: ${invariant}`,
    ...message.split('\n').map((line) => `  ${line}`),
    ...(lastEvents.length === 0 ? [] : [`  The last ${lastEvents.length} events (ms, who, what):`]),
    ...lastEvents.map((event) => `    ${event}`),
    `  Repeat: ${repeatCommand(seed, options)}`,
    ``,
  ];
  return lines.join('\n');
}

function sumOf(reports: readonly SeedReport[], part: (report: SeedReport) => Tally): Tally {
  return reports.map(part).reduce(addTallies, {});
}

export function missingFaults(reports: readonly SeedReport[]): FaultKind[] {
  const counts = reports.map(({ faults }) => faults).reduce(addTallies, noFaults() as Tally);
  return faultKinds.filter((kind) => counts[kind] === 0);
}

/** `name 12 · other 3 …`, broken into lines. */
function tallyLines(title: string, tally: Tally): string[] {
  const items = Object.entries(tally).map(([name, count]) => `${name} ${count.toLocaleString('en')}`);
  const lines: string[] = [];
  let line = '';
  for (const item of items) {
    if (line !== '' && line.length + item.length > 76) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? item : ` · ${item}`;
  }
  lines.push(line === '' ? 'none' : line);
  return lines.map((text, index) => `${(index === 0 ? title : '').padEnd(12)}${text}`);
}

export function campaignText(reports: readonly SeedReport[], options: RunOptions, ms: number): string {
  const failures = reports.filter(({ violation }) => violation !== undefined);
  const faults = sumOf(reports, (report) => ({ ...noFaults(), ...report.faults }));
  const all = createHash('sha256');
  for (const { seed, digest } of reports) all.update(`${seed} ${digest}\n`);
  const total = (part: (report: SeedReport) => number): string =>
    reports.reduce((sum, report) => sum + part(report), 0).toLocaleString('en');
  const missing = missingFaults(reports);
  const verdict =
    failures.length === 0
      ? `${reports.length} seeds, 0 violations`
      : `${failures.length} of ${reports.length} seeds violate a rule: ${failures.map(({ seed }) => seed).join(', ')}`;
  return [
    ``,
    `${verdict} (${options.devices} devices × ${options.ops} operations, ${(ms / 1000).toFixed(1)} s)`,
    `${total((report) => report.entries)} entries, ${total((report) => report.events)} events, digest ${all.digest('hex').slice(0, 32)}`,
    ...tallyLines(
      'operations',
      sumOf(reports, (report) => report.operations),
    ),
    ...tallyLines('faults', faults),
    ...tallyLines(
      'conflicts',
      sumOf(reports, (report) => report.conflicts),
    ),
    ...tallyLines(
      'checks',
      sumOf(reports, (report) => report.checks),
    ),
    ...(missing.length === 0 ? [] : [`never occurred: ${missing.join(', ')}`]),
  ].join('\n');
}
