import { AppError } from '../../../shared/kernel/errors.ts';
import { readConfig } from '../../config.ts';
import { rotateKeys } from '../../entry/rotate-keys.ts';
import { exitStatus } from '../exit-status.ts';
import { parseCommand } from '../parse-command.ts';
import type { Terminal } from '../terminal.ts';

export const keysUsage = `npx fieldray keys rotate

Changes the master key of the hub whose records lie in DATA_DIR (default ./data); the hub must not run. It makes a new
key, puts it before the old one in the key's file (MASTER_KEY_FILE, by default data.key beside DATA_DIR), wraps the key
of every sealed value and file by the new one, checks that the new one alone opens all of them, and only then takes the
old one out of the file. What is sealed is not decrypted, so it takes little time; it takes room for two more copies of
records.db. Stopped anywhere it loses nothing: give the same command again, and it goes on. A file of keys must not
serve two hubs.

With MASTER_KEY set no key is made: MASTER_KEY is the new one, MASTER_KEY_OLD holds the old ones, and everything is
wrapped by MASTER_KEY. So it is done, too, for records on a server (LIBSQL_URL), whose hubs must all have been started with
both keys before.

Afterwards replace the copy of the key that you keep elsewhere. The old key still opens backups that were made before:
keep it as long as those.

Ends with 0 when nothing needs an older key any more, 1 when not.
`;

/** `npx fieldray keys …`: the hub's master key. */
export async function keysCommand(
  args: readonly string[],
  terminal: Terminal,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<number> {
  const { positionals } = parseCommand(args, {});
  const [what = '', ...rest] = positionals;
  if (what !== 'rotate' || rest.length > 0)
    throw new AppError('usage.invalid', `there is no command "keys ${positionals.join(' ')}"`);
  try {
    await rotateKeys(readConfig(environment), (line) => terminal.out(`${line}\n`), terminal.interrupted);
    return exitStatus.ok;
  } catch (thrown) {
    if (!terminal.interrupted.aborted) throw thrown;
    terminal.err('Stopped. Nothing is lost: give the same command again, and it goes on.\n');
    return exitStatus.failed;
  }
}
