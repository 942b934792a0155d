import { AppError } from '../../shared/kernel/errors.ts';
import { readConfig } from '../config.ts';
import { migrate } from '../store/migrate.ts';
import { openRemote } from '../store/open-remote.ts';
import { exitStatus } from './exit-status.ts';
import { parseCommand } from './parse-command.ts';
import type { Terminal } from './terminal.ts';

export const migrateUsage = `LIBSQL_URL=libsql://… LIBSQL_AUTH_TOKEN=… npx fieldray migrate

Brings the records on a libSQL server to the schema of this version. Hubs on a server do not do that by themselves,
because several may use it at once: run it before the first start and before each new version is started. Records in
DATA_DIR need no such command.

Ends with 0 when it was done or there was nothing to do, 1 when not.
`;

/** `npx fieldray migrate`: the schema of a libSQL server. */
export async function migrateCommand(
  args: readonly string[],
  terminal: Terminal,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<number> {
  const { positionals } = parseCommand(args, {});
  if (positionals.length > 0) throw new AppError('usage.invalid', 'it takes no words, only LIBSQL_URL');
  const { libsql } = readConfig(environment);
  if (libsql === undefined) throw new AppError('usage.invalid', 'LIBSQL_URL names no server');
  const database = openRemote(libsql);
  try {
    const done = await migrate(database);
    terminal.out(
      done === 0
        ? 'The records are up to date.\n'
        : `The records are up to date after ${done === 1 ? 'one step' : `${done} steps`}.\n`,
    );
    return exitStatus.ok;
  } finally {
    await database.close();
  }
}
