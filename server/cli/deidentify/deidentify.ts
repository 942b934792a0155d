import { join } from 'node:path';
import { deidentifyFile } from '../../../shared/imaging/deidentify/deidentify-file.ts';
import type { DeidentifyOptions } from '../../../shared/imaging/deidentify/deidentify-options.ts';
import { AppError, describeThrown, errorEntry } from '../../../shared/kernel/errors.ts';
import { loadCodecFile } from '../../inference/codec-files.ts';
import { openSource } from '../../inference/open-source.ts';
import { exitStatus } from '../exit-status.ts';
import { gatherInputs, type Input } from '../gather-inputs.ts';
import { startProgress } from '../progress.ts';
import { printable } from '../result-lines.ts';
import type { Terminal } from '../terminal.ts';
import { walk } from '../walk.ts';
import { parseDeidentifyOptions } from './deidentify-options.ts';
import { openKey, writeNewKey } from './key-file.ts';
import { prepareOutput } from './prepare-output.ts';
import { writeNewFile } from './write-new-file.ts';

export { deidentifyUsage } from './deidentify-options.ts';

interface Tally {
  written: number;
  refused: number;
  failed: number;
  /** Written without anybody having said that no writing is in the picture. */
  unlooked: number;
}

/** @returns 0 all written, 2 some refused, 1 some could not be written */
export async function deidentifyCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const command = parseDeidentifyOptions(args);
  // As when reading, the pictures in ZIP files are opened, and what cannot be opened is refused by name.
  const { inputs, skipped } = await gatherInputs(await walk([command.input]));
  if (inputs.length === 0)
    throw new AppError('usage.nothing-to-read', `no image was found; other files: ${skipped}`);
  await prepareOutput(command);
  if (command.newKey) await writeNewKey(command.keyFile);
  const options: DeidentifyOptions = {
    ...command,
    policy: 'pseudonym',
    hmac: await openKey(command.keyFile),
  };
  const tally = await writeAll(inputs, command.outputDir, options, terminal);
  return summarise(tally, inputs.length, skipped, terminal);
}

async function writeAll(
  inputs: readonly Input[],
  outputDir: string,
  options: DeidentifyOptions,
  terminal: Terminal,
): Promise<Tally> {
  const tally: Tally = { written: 0, refused: 0, failed: 0, unlooked: 0 };
  const progress = startProgress(terminal, inputs.length, () => performance.now());
  for (const { path, source } of inputs) {
    if (terminal.interrupted.aborted) break;
    try {
      const { bytes, name, burnedIn } = await deidentifyFile(await bytesOf(source), options, loadCodecFile);
      await writeNewFile(join(outputDir, name), bytes);
      tally.written += 1;
      if (burnedIn === 'unknown') tally.unlooked += 1;
      progress.line(`written  ${printable(path)}  ${name}`);
    } catch (thrown) {
      count(thrown, tally);
      for (const line of problemLines(path, thrown)) progress.line(line);
    }
    progress.advance();
  }
  progress.finish();
  return tally;
}

async function bytesOf(source: Input['source']): Promise<Uint8Array> {
  const opened = await openSource(source);
  if ('problem' in opened) throw opened.problem;
  return opened.bytes;
}

function codeOf(thrown: unknown) {
  return thrown instanceof AppError ? thrown.code : 'server.internal';
}

function count(thrown: unknown, tally: Tally): void {
  if (/^(image|deidentify)\./.test(codeOf(thrown))) tally.refused += 1;
  else tally.failed += 1;
}

function problemLines(path: string, thrown: unknown): readonly string[] {
  const code = codeOf(thrown);
  const word = /^(image|deidentify)\./.test(code) ? 'refused' : 'failed ';
  return [
    `${word}  ${printable(path)}`,
    `         ${errorEntry(code).title} (${code})`,
    `         ${printable(describeThrown(thrown))}`,
  ];
}

/** @throws AppError `usage.interrupted` when files are missing */
function summarise(tally: Tally, total: number, skipped: number, terminal: Terminal): number {
  const { written, refused, failed, unlooked } = tally;
  const counts = [`${written} written`, `${refused} refused`];
  if (failed > 0) counts.push(`${failed} failed`);
  if (skipped > 0) counts.push(`${skipped} other ${skipped === 1 ? 'file' : 'files'} skipped`);
  terminal.out(`\n${counts.join(', ')}\n`);
  if (unlooked > 0) {
    const whose = unlooked === 1 ? '1 picture does' : `${unlooked} pictures do`;
    terminal.out(`${whose} not say that no writing is left in it: look before you pass it on.\n`);
  }
  const missing = total - written - refused - failed;
  if (missing > 0) throw new AppError('usage.interrupted', `${missing} of ${total} files were not written`);
  if (failed > 0) return exitStatus.failed;
  return refused > 0 ? exitStatus.someRefused : exitStatus.ok;
}
