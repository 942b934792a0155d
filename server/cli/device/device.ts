import { hostname } from 'node:os';
import { AppError } from '../../../shared/kernel/errors.ts';
import { pullAll, pushAll, syncOnce } from '../../../shared/log/sync-engine.ts';
import { isLoopback } from '../../config.ts';
import { createPool } from '../../inference/pool.ts';
import { exitStatus } from '../exit-status.ts';
import { parseCommand } from '../parse-command.ts';
import { printable } from '../result-lines.ts';
import type { Terminal } from '../terminal.ts';
import { addFiles } from './add-files.ts';
import { makeBundleFile, takeFile } from './bundle.ts';
import { learnBundleKey } from './bundle-keys.ts';
import { type DeviceHome, openDeviceHome } from './device-home.ts';
import { enrol, type Enrolled, passwordFrom } from './enrol.ts';
import { type HubSession, openSession, syncParts } from './hub-session.ts';
import { review } from './review.ts';
import { saveExport } from './save-export.ts';
import { keyFileName, writeReceipts } from './write-receipts.ts';
import { sendBlobs } from './send-blobs.ts';
import { statusText } from './status.ts';

export const deviceUsage = `npx fieldray device enrol EMAIL --home DIR --hub URL --password-stdin [--name TEXT]
npx fieldray device add FILE… --home DIR [--models DIR]
npx fieldray device review IMAGE --finding CODE=yes|no|uncertain … [--note TEXT] --home DIR
npx fieldray device adjudicate IMAGE --finding CODE=yes|no|uncertain … [--note TEXT] --home DIR
npx fieldray device push|pull|sync --home DIR
npx fieldray device bundle FILE [--all] --home DIR
npx fieldray device take FILE --home DIR
npx fieldray device status --home DIR
npx fieldray device receipts FOLDER --home DIR
npx fieldray device export FILE --home DIR

A device of a clinic in a folder, as a browser is one: it works without a network and meets its hub when
it is told to. IMAGE is the first digits of an image, as "status" shows them.

  --home DIR         the folder; whoever can read it is this device
  --hub URL          where the hub is (default http://127.0.0.1:8787)
  --password-stdin   the password is the first line of the input: printf '%s' "$PASSWORD" | npx fieldray …
  --name TEXT        what people will call the device (default the name of this machine)
  --finding CODE=…   what was seen, or not; may be given several times
  --note TEXT        words beside it
  --all              everything that the device holds, not only what it has to send
  --models DIR       models to use instead of the bundled ones

enrol again in the same folder signs in anew, and gives the device a new key where its chain was broken.
push sends until nothing is left, pull takes until nothing is missing, sync does both. receipts writes
what the hub signed for this device's entries, and the hub's key. export fetches all records of the clinic
(administrators only). Together they are judged by
npx fieldray verify FILE --keys FOLDER/hub.key --receipts FOLDER

Without a network: bundle writes what is to be sent into one sealed file, for a stick; take takes in the file of another
device of the clinic, or the reply that the hub wrote. The hub takes it by "npx fieldray bundle take FILE".

Ends with 0 when it was done, 2 when some files or entries were refused, 1 when it could not be done.
`;

const options = {
  home: { type: 'string' },
  hub: { type: 'string', default: 'http://127.0.0.1:8787' },
  name: { type: 'string', default: hostname() },
  note: { type: 'string' },
  models: { type: 'string' },
  all: { type: 'boolean', default: false },
  finding: { type: 'string', multiple: true, default: [] as string[] },
  'password-stdin': { type: 'boolean', default: false },
} as const;

/** `npx fieldray device …`. @returns the exit status */
export async function deviceCommand(
  args: readonly string[],
  terminal: Terminal,
  input: AsyncIterable<Uint8Array | string> = process.stdin,
): Promise<number> {
  const { values, positionals } = parseCommand(args, options);
  const [what = '', ...words] = positionals;
  const { home } = values;
  if (home === undefined) throw new AppError('usage.invalid', 'name the folder of the device with --home');
  const most = what === 'add' ? Number.POSITIVE_INFINITY : takesWord.has(what) ? 1 : 0;
  if (words.length > most || (most > 0 && words.length === 0)) {
    throw new AppError('usage.invalid', `"device ${what}" takes ${most === 0 ? 'no further words' : 'one'}`);
  }
  if (what === 'enrol') {
    if (!values['password-stdin']) throw new AppError('usage.invalid', 'enrol takes --password-stdin');
    const { name } = values;
    const hub = hubFrom(values.hub);
    const enrolled = await enrol({ home, hub, email: words[0]!, name }, await passwordFrom(input));
    terminal.out(printable(enrolledText(enrolled)) + '\n');
    return exitStatus.ok;
  }
  const run = commands[what];
  if (run === undefined) throw new AppError('usage.invalid', `there is no command "device ${what}"`);
  const device = await openDeviceHome(home);
  try {
    return await run({ device, home, words, values, terminal });
  } finally {
    await device.close();
  }
}

const takesWord = new Set(['enrol', 'review', 'adjudicate', 'receipts', 'export', 'bundle', 'take']);

interface Run {
  readonly device: DeviceHome;
  readonly home: string;
  readonly words: readonly string[];
  readonly values: {
    readonly note?: string;
    readonly models?: string;
    readonly finding: readonly string[];
    readonly all: boolean;
  };
  readonly terminal: Terminal;
}

const commands: Readonly<Record<string, (run: Run) => Promise<number>>> = {
  add,
  review: (run) => sign(run, false),
  adjudicate: (run) => sign(run, true),
  push: async ({ device, home, terminal }) => {
    const session = openSession(home, device.file.hub);
    await learnBundleKey(home, device.file.hub, session);
    const sent = await pushAll(syncParts(device, session), terminal.interrupted);
    const { delivered, setAside, isStuck, newEpoch } = sent;
    const { outbox } = await device.parts.store.counts();
    terminal.out(
      `Sent ${delivered}; the hub has confirmed them. Refused ${setAside}, still to send ${outbox}.\n`,
    );
    if (newEpoch) terminal.out('The hub was restored from a copy: take its records first, by sync.\n');
    const allBlobs = await pictures(home, device, session, terminal);
    return isStuck || newEpoch || !allBlobs
      ? exitStatus.failed
      : setAside > 0
        ? exitStatus.someRefused
        : exitStatus.ok;
  },
  pull: async ({ device, home, terminal }) => {
    const session = openSession(home, device.file.hub);
    await learnBundleKey(home, device.file.hub, session);
    const taken = await pullAll(syncParts(device, session), terminal.interrupted);
    const { cursor, verified } = await device.parts.store.state();
    const isWhole = verified?.size === cursor;
    terminal.out(
      isWhole
        ? `Took ${taken}; all ${cursor} entries of the clinic are here and agree with what the hub signed.\n`
        : `Took ${taken}, ${cursor} in all, and was stopped before the end.\n`,
    );
    return isWhole ? exitStatus.ok : exitStatus.failed;
  },
  sync: async ({ device, home, terminal }) => {
    const session = openSession(home, device.file.hub);
    await learnBundleKey(home, device.file.hub, session);
    const report = await syncOnce(syncParts(device, session), terminal.interrupted);
    terminal.out(`Took ${report.pulled}, sent ${report.delivered}, refused ${report.setAside}.\n`);
    const allBlobs = await pictures(home, device, session, terminal);
    if (!report.isSettled || !allBlobs) return exitStatus.failed;
    return report.setAside > 0 ? exitStatus.someRefused : exitStatus.ok;
  },
  receipts: async ({ device, words, terminal }) => {
    const { store } = device.parts;
    const { identity } = await store.state();
    const count = await writeReceipts(await store.receipts(), identity, words[0]!);
    const receipts = count === 1 ? '1 receipt' : `${count} receipts`;
    terminal.out(`${receipts} and the hub's key (${keyFileName}) are in ${printable(words[0]!)}.\n`);
    return exitStatus.ok;
  },
  export: async ({ device, home, words, terminal }) => {
    const { hub } = device.file;
    const bytes = await saveExport(hub, openSession(home, hub), words[0]!);
    terminal.out(`The records of the clinic are in ${printable(words[0]!)}, ${bytes} bytes.\n`);
    return exitStatus.ok;
  },
  bundle: ({ words, values, ...run }) =>
    makeBundleFile({ ...run, path: words[0]! }, values.all ? 'all' : 'outbox'),
  take: ({ words, ...run }) => takeFile({ ...run, path: words[0]! }),
  status: async ({ device, terminal }) => {
    terminal.out(await statusText(device));
    return exitStatus.ok;
  },
};

/** @returns whether the hub has all of them now */
async function pictures(
  home: string,
  device: DeviceHome,
  session: HubSession,
  terminal: Terminal,
): Promise<boolean> {
  const { sent, left } = await sendBlobs(home, device, session, terminal.interrupted);
  if (sent > 0) terminal.out(`Pictures sent: ${sent}.\n`);
  for (const line of left) terminal.err(`${line}\n`);
  return left.length === 0;
}

async function add({ device, home, words, values, terminal }: Run): Promise<number> {
  const pool = createPool({ size: 1, ...(values.models !== undefined && { modelsDir: values.models }) });
  try {
    await pool.ready();
    const { lines, refused } = await addFiles(home, device, words, pool);
    for (const line of lines) terminal.out(printable(line.trimEnd()) + '\n');
    return refused > 0 ? exitStatus.someRefused : exitStatus.ok;
  } finally {
    await pool.close();
  }
}

async function sign({ device, words, values, terminal }: Run, adjudicates: boolean): Promise<number> {
  const { note, finding } = values;
  const asked = { image: words[0]!, findings: finding, adjudicates, ...(note !== undefined && { note }) };
  terminal.out(await review(device, asked));
  return exitStatus.ok;
}

function hubFrom(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new AppError(
      'usage.invalid',
      `--hub takes an address such as https://clinic.example, not "${text}"`,
    );
  }
  // A password and, after it, everything of patients would cross the network in clear.
  if (url.protocol === 'http:' && !isLoopback(url.hostname.replace(/^\[|\]$/g, ''))) {
    throw new AppError('usage.invalid', '--hub must begin with https://, unless the hub is this machine');
  }
  return url.origin;
}

function enrolledText({ identity, email, clinicName, how }: Enrolled): string {
  const done = {
    new: 'is now a device',
    again: 'is signed in again as a device',
    'new-chain': 'goes on with a new key as a device',
  }[how];
  return `This folder ${done} of ${clinicName}: ${identity.device}, for ${email}.`;
}
