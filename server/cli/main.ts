import { AppError, describeThrown, errorEntry } from '../../shared/kernel/errors.ts';
import { programVersion } from '../program-version.ts';
import { deidentifyCommand, deidentifyUsage } from './deidentify/deidentify.ts';
import { deviceCommand, deviceUsage } from './device/device.ts';
import { exitStatus } from './exit-status.ts';
import { keysCommand, keysUsage } from './keys/keys.ts';
import { migrateCommand, migrateUsage } from './migrate.ts';
import { modelsCommand, modelsUsage } from './models/models.ts';
import { phantomCommand, phantomUsage } from './phantom.ts';
import { readCommand, readUsage } from './read.ts';
import { printable } from './result-lines.ts';
import type { Terminal } from './terminal.ts';
import { tlsCommand, tlsUsage } from './tls/tls.ts';
import { usersCommand, usersUsage } from './users/users.ts';
import { verifyUsage } from './verify/verify-options.ts';
import { verifyCommand } from './verify/verify.ts';

const commands = {
  read: { run: readCommand, usage: readUsage },
  phantom: { run: phantomCommand, usage: phantomUsage },
  deidentify: { run: deidentifyCommand, usage: deidentifyUsage },
  models: { run: modelsCommand, usage: modelsUsage },
  users: { run: usersCommand, usage: usersUsage },
  keys: { run: keysCommand, usage: keysUsage },
  migrate: { run: migrateCommand, usage: migrateUsage },
  tls: { run: tlsCommand, usage: tlsUsage },
  verify: { run: verifyCommand, usage: verifyUsage },
  device: { run: deviceCommand, usage: deviceUsage },
};

const overview = `Fieldray ${programVersion} reads chest X-rays.

  npx fieldray read PATH…       read files and folders
  npx fieldray read --phantom   read a drawn phantom, to see how it looks
  npx fieldray phantom FILE     write the phantom as a PNG file
  npx fieldray deidentify IN OUT --key FILE
                                write X-rays without names
  npx fieldray models check FILE.onnx
                                which explanations a network can have
  npx fieldray models sanity    whether the maps of the bundled model are worth anything
  npx fieldray users add EMAIL --role ROLE --password-stdin
                                accounts of the hub; also list, approve, set-role, disable, enable
  npx fieldray keys rotate      a new master key for the hub's records
  npx fieldray migrate          the schema of records on a libSQL server
  npx fieldray tls              a certificate for a clinic's own network
  npx fieldray verify EXPORT    whether exported records were altered
  npx fieldray device enrol EMAIL --home DIR --hub URL --password-stdin
                                a device of a clinic in a folder; also add, review, push, pull, status …
  npx fieldray COMMAND --help   all options of a command

Decision support for research and triage. Not a medical device.
`;

/** @returns the exit status: 0 all read, 2 some refused, 1 wrong usage or internal error, 3 a model failed its check */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name = '--help', ...rest] = args;
  if (name === '--help' || name === '-h' || name === 'help') {
    terminal.out(overview);
    return exitStatus.ok;
  }
  if (name === '--version') {
    terminal.out(`${programVersion}\n`);
    return exitStatus.ok;
  }
  const command = Object.hasOwn(commands, name) ? commands[name as keyof typeof commands] : undefined;
  try {
    if (command === undefined) throw new AppError('usage.invalid', `there is no command "${name}"`);
    if (rest.includes('--help') || rest.includes('-h')) {
      terminal.out(command.usage);
      return exitStatus.ok;
    }
    return await command.run(rest, terminal);
  } catch (thrown) {
    const code = thrown instanceof AppError ? thrown.code : 'server.internal';
    terminal.err(`${errorEntry(code).title}\n  ${printable(describeThrown(thrown))} (${code})\n`);
    if (code === 'usage.invalid')
      terminal.err(command === undefined ? `\n${overview}` : `\n${command.usage}`);
    return code.startsWith('model.') ? exitStatus.modelFailed : exitStatus.failed;
  }
}

if (process.argv[1] !== undefined && /(main\.ts|fieldray(\.mjs)?)$/.test(process.argv[1])) {
  const { processTerminal } = await import('./terminal.ts');
  process.exitCode = await main(process.argv.slice(2), processTerminal());
}
