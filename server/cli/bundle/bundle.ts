import { resolve } from 'node:path';
import { AppError } from '../../../shared/kernel/errors.ts';
import { writeReceiptFile } from '../../../shared/log/bundle/receipt-file.ts';
import type { OperatorBundle } from '../../operator/operator-api.ts';
import { carryOut } from '../carry-out.ts';
import { exitStatus } from '../exit-status.ts';
import { parseCommand } from '../parse-command.ts';
import { printable } from '../result-lines.ts';
import type { Terminal } from '../terminal.ts';
import { writeNewFile } from '../write-new-file.ts';

export const bundleUsage = `npx fieldray bundle take FILE [--reply FILE]

Takes the records of a device in, which "device bundle" or the page wrote into a file, for where there is no network. The
hub's records lie in DATA_DIR (default ./data). A running hub carries the command out and has to be able to read
the file; where none runs, the command opens the records itself.

  --reply FILE   writes what the hub has signed for: "device take" reads it, and the device need not send them again

Nothing of a file that was cut short or altered anywhere is taken. Files may be taken in any order, and twice.

Ends with 0 when all of it was taken, 2 when a part was refused or does not fit yet, 1 when nothing was taken.
`;

/** `npx fieldray bundle …`: files instead of a network, at the hub. @returns the exit status */
export async function bundleCommand(
  args: readonly string[],
  terminal: Terminal,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<number> {
  const { values, positionals } = parseCommand(args, { reply: { type: 'string' } });
  const [what, path, ...rest] = positionals;
  if (what !== 'take' || path === undefined || rest.length > 0) {
    throw new AppError('usage.invalid', '"bundle take" takes one file');
  }
  const { reply } = values;
  const command = { do: 'take-bundle', file: resolve(path), receipts: reply !== undefined } as const;
  const { bundle } = await carryOut(command, terminal, environment);
  if (bundle === undefined) throw new AppError('server.internal', 'the hub that runs does not know bundles');
  terminal.out(printable(takenText(bundle)) + '\n');
  if (reply !== undefined) {
    const bytes = writeReceiptFile(bundle.clinic, bundle.receipts);
    await writeNewFile(reply, async function* () {
      yield bytes;
    });
    terminal.out(`The reply for the device is in ${printable(reply)}.\n`);
  }
  return isWhole(bundle) ? exitStatus.ok : exitStatus.someRefused;
}

const isWhole = ({ entries, pictures }: OperatorBundle): boolean =>
  entries.orphans + entries.refused + pictures.refused + pictures.later === 0;

function takenText({ device, madeAt, entries, pictures }: OperatorBundle): string {
  const { stored, orphans, refused } = entries;
  const parts = [
    `From device ${device.slice(0, 12)}, ${new Date(madeAt).toISOString()}:`,
    `${stored} entries are at the hub now,`,
    `${pictures.fresh} pictures are new, ${pictures.known} were there.`,
  ];
  if (orphans > 0)
    parts.push(`${orphans} entries stand on others that the hub does not have: bring those, and this again.`);
  if (refused > 0) parts.push(`${refused} entries were refused.`);
  if (pictures.later > 0) parts.push(`${pictures.later} pictures are not whole.`);
  if (pictures.refused > 0) parts.push(`${pictures.refused} pictures are not what they were announced as.`);
  return parts.join(' ');
}
