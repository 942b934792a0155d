import { parseArgs, type ParseArgsConfig } from 'node:util';
import { AppError, describeThrown } from '../../shared/kernel/errors.ts';

/** Options and other words of a command. @throws AppError `usage.invalid` */
export function parseCommand<Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (cause) {
    throw new AppError('usage.invalid', describeThrown(cause), { cause });
  }
}
