import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { AppError, describeThrown, errorEntry } from '../../../shared/kernel/errors.ts';
import { verifyExport } from '../../../shared/log/verify/verify-export.ts';
import { nodeCrypto, runningSha256 } from '../../keys/node-crypto.ts';
import { fileProblem } from '../file-problem.ts';
import { printable } from '../result-lines.ts';
import type { Terminal } from '../terminal.ts';
import { readPinnedKeys, readReceipts } from './evidence.ts';
import { reportText } from './report-text.ts';
import { parseVerifyOptions, verifyUsage } from './verify-options.ts';

const exitStatus = { sound: 0, notSound: 1, unreadable: 2 } as const;
const chunkBytes = 1024 * 1024;

/** `npx fieldray verify EXPORT`: its exit status is the verdict, so failures of the command itself are none of it. */
export async function verifyCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const { path, keys, receipts, json } = parseVerifyOptions(args);
    const evidence = {
      ...(keys !== undefined && { pinnedKeys: await readPinnedKeys(keys) }),
      ...(receipts !== undefined && { receipts: await readReceipts(receipts) }),
    };
    await checkReadable(path);
    const source = {
      open: () => createReadStream(path, { highWaterMark: chunkBytes, signal: terminal.interrupted }),
    };
    const report = await verifyExport(
      { ...source, ...evidence },
      { ...nodeCrypto, startSha256: runningSha256 },
    );
    terminal.out(json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
    return report.verdict === 'sound' ? exitStatus.sound : exitStatus.notSound;
  } catch (thrown) {
    if (terminal.interrupted.aborted) terminal.err('Stopped: nothing can be said of the export.\n');
    else {
      const code = thrown instanceof AppError ? thrown.code : 'server.internal';
      terminal.err(`${errorEntry(code).title}\n  ${printable(describeThrown(thrown))} (${code})\n`);
      if (code === 'usage.invalid') terminal.err(`\n${verifyUsage}`);
    }
    return exitStatus.unreadable;
  }
}

/** A name that is wrong is told before anything is read. */
async function checkReadable(path: string): Promise<void> {
  try {
    const file = await open(path);
    const isFile = (await file.stat()).isFile();
    await file.close();
    if (isFile) return;
  } catch (cause) {
    throw fileProblem(path, cause);
  }
  throw new AppError('usage.file-problem', `"${path}" is no file.`);
}
