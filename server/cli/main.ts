import { AppError, describeThrown, errorEntry } from '../../shared/kernel/errors.ts';
import { programVersion } from '../program-version.ts';
import { exitStatus } from './exit-status.ts';
import { printable } from './result-lines.ts';
import type { Terminal } from './terminal.ts';

interface Command {
  readonly run: (args: readonly string[], terminal: Terminal) => Promise<number>;
  readonly usage: string;
}

/** Loaded when asked for: none needs the libraries of all. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  async read() {
    const { readCommand: run, readUsage: usage } = await import('./read.ts');
    return { run, usage };
  },
  async phantom() {
    const { phantomCommand: run, phantomUsage: usage } = await import('./phantom.ts');
    return { run, usage };
  },
  async deidentify() {
    const { deidentifyCommand: run, deidentifyUsage: usage } = await import('./deidentify/deidentify.ts');
    return { run, usage };
  },
  async models() {
    const { modelsCommand: run, modelsUsage: usage } = await import('./models/models.ts');
    return { run, usage };
  },
  async users() {
    const { usersCommand: run, usersUsage: usage } = await import('./users/users.ts');
    return { run, usage };
  },
  async keys() {
    const { keysCommand: run, keysUsage: usage } = await import('./keys/keys.ts');
    return { run, usage };
  },
  async migrate() {
    const { migrateCommand: run, migrateUsage: usage } = await import('./migrate.ts');
    return { run, usage };
  },
  async tls() {
    const { tlsCommand: run, tlsUsage: usage } = await import('./tls/tls.ts');
    return { run, usage };
  },
  async verify() {
    const [{ verifyCommand: run }, { verifyUsage: usage }] = await Promise.all([
      import('./verify/verify.ts'),
      import('./verify/verify-options.ts'),
    ]);
    return { run, usage };
  },
  async bundle() {
    const { bundleCommand: run, bundleUsage: usage } = await import('./bundle/bundle.ts');
    return { run, usage };
  },
  async device() {
    const { deviceCommand: run, deviceUsage: usage } = await import('./device/device.ts');
    return { run, usage };
  },
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
                                accounts of the hub; also list, approve, set-role, set-password, disable, enable
  npx fieldray keys rotate      a new master key for the hub's records
  npx fieldray migrate          the schema of records on a libSQL server
  npx fieldray tls              a certificate for a clinic's own network
  npx fieldray verify EXPORT    whether exported records were altered
  npx fieldray device enrol EMAIL --home DIR --hub URL --password-stdin
                                a device of a clinic in a folder; also add, review, push, pull, status …
  npx fieldray device bundle FILE --home DIR
                                its records as one sealed file, for where there is no network; also device take
  npx fieldray bundle take FILE such a file, at the hub
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
  let command: Command | undefined;
  try {
    command = Object.hasOwn(commands, name) ? await commands[name]!() : undefined;
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
