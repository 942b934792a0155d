import { AppError } from '../../../shared/kernel/errors.ts';
import { parseCommand } from '../parse-command.ts';

export interface VerifyOptions {
  readonly path: string;
  readonly keys?: string;
  readonly receipts?: string;
  readonly json: boolean;
}

export const verifyUsage = `npx fieldray verify EXPORT [--keys FILE] [--receipts DIR] [--json]

Judges an export of a clinic's records, offline: whether anything in it was altered, removed or put in
another order since it was signed. Names the first bad record.

  --keys FILE      keys of your hub that you wrote down earlier, one on each line; without them
                   the export is judged by the key that it brings itself
  --receipts DIR   receipts that devices kept (.json files): everything in them must be there
  --json           the report as JSON

Ends with 0 when the export is sound, 1 when it is not, 2 when it cannot be read or the command was
wrong.
`;

/** @throws AppError `usage.invalid` */
export function parseVerifyOptions(args: readonly string[]): VerifyOptions {
  const { values, positionals } = parseCommand(args, {
    keys: { type: 'string' },
    receipts: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  const [path, ...others] = positionals;
  if (path === undefined || others.length > 0) throw new AppError('usage.invalid', 'name one export');
  return {
    path,
    json: values.json,
    ...(values.keys !== undefined && { keys: values.keys }),
    ...(values.receipts !== undefined && { receipts: values.receipts }),
  };
}
