import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { AppError } from '../../../shared/kernel/errors.ts';
import { append } from '../../../shared/log/device-log.ts';
import { checkBundle } from '../../../shared/log/bundle/check-bundle.ts';
import { isReceiptFile, takeReceiptFile } from '../../../shared/log/bundle/receipt-file.ts';
import { type BundleTaken, takeBundle } from '../../../shared/log/bundle/take-bundle.ts';
import { bundleName, type BundleContent, writeBundle } from '../../../shared/log/bundle/write-bundle.ts';
import { fileBytes } from '../../bundle/file-bytes.ts';
import { openBundleCipher } from '../../keys/bundle-cipher.ts';
import { exitStatus } from '../exit-status.ts';
import { fileProblem } from '../file-problem.ts';
import { printable } from '../result-lines.ts';
import type { Terminal } from '../terminal.ts';
import { writeNewFile } from '../write-new-file.ts';
import { hasBlob, keepBlob, keptBlob } from './blob-folder.ts';
import { deviceSecretFor } from './bundle-keys.ts';
import type { DeviceHome } from './device-home.ts';

interface Run {
  readonly device: DeviceHome;
  readonly home: string;
  readonly path: string;
  readonly terminal: Terminal;
}

/** Writes the outbox, or everything, into a file. @returns the exit status */
export async function makeBundleFile(
  { device, home, path, terminal }: Run,
  content: BundleContent,
): Promise<number> {
  const { file, parts, sealer } = device;
  const key = file.bundleKeys?.[0];
  if (key === undefined) throw new AppError('bundle.no-key', 'the hub has not given this device a key yet');
  const salt = new Uint8Array(randomBytes(32));
  let making: Awaited<ReturnType<typeof writeBundle>> | undefined;
  const bytes = await writeNewFile(path, async () => {
    await noteExport(device, bundleName(salt), content);
    making = await writeBundle(content, {
      ...parts,
      openCipher: openBundleCipher,
      key,
      salt,
      now: parts.now(),
      picture: async (blob) =>
        (await hasBlob(home, blob.sha256)) ? keptBlob(home, sealer, blob) : undefined,
    });
    return making.pieces;
  });
  const { entries, pictures, broken } = making!.made();
  const what = `${entries} entries and ${pictures} pictures are in ${printable(path)}, sealed, ${bytes} bytes.`;
  terminal.out(`${what} They stay here until the hub has confirmed them.\n`);
  for (const sha256 of broken) terminal.err(`The picture ${sha256.slice(0, 12)} cannot be read.\n`);
  return broken.length > 0 ? exitStatus.someRefused : exitStatus.ok;
}

/** Records leave the device: that is written down with them. A chain that takes no more must not keep them here. */
async function noteExport({ file, parts }: DeviceHome, entity: string, detail: BundleContent): Promise<void> {
  try {
    await append(parts, [{ kind: 'audit.exported', entity, actor: file.user, body: { detail } }]);
  } catch (error) {
    const isBroken = error instanceof AppError && ['log.forked', 'log.chain-broken'].includes(error.code);
    if (!isBroken) throw error;
  }
}

/** Takes a bundle of another device in, or the hub's reply to one of this device. @returns the exit status */
export async function takeFile(run: Run): Promise<number> {
  for await (const beginning of fileBytes(run.path)) {
    return isReceiptFile(beginning) ? takeReply(run) : takeRecords(run);
  }
  throw new AppError('bundle.not-one', 'the file is empty');
}

const mostReplyBytes = 256 * 1024 * 1024;

async function takeReply({ device, path, terminal }: Run): Promise<number> {
  const { store, crypto } = device.parts;
  let bytes: Uint8Array;
  try {
    if ((await stat(path)).size > mostReplyBytes)
      throw new AppError('bundle.not-one', 'too long for a reply');
    bytes = await readFile(path);
  } catch (cause) {
    throw cause instanceof AppError ? cause : fileProblem(path, cause);
  }
  const delivered = await takeReceiptFile(bytes, store, crypto);
  const { outbox } = await store.counts();
  terminal.out(`The hub has ${delivered} more of the entries of this device; still to send: ${outbox}.\n`);
  return exitStatus.ok;
}

async function takeRecords({ device, home, path, terminal }: Run): Promise<number> {
  const { file, parts, sealer } = device;
  const { identity } = await parts.store.state();
  const bundle = await checkBundle(() => fileBytes(path), {
    crypto: parts.crypto,
    openCipher: openBundleCipher,
    secretFor: deviceSecretFor(file, identity.clinic),
  });
  const taken = await takeBundle(bundle, {
    store: parts.store,
    crypto: parts.crypto,
    pictures: {
      has: ({ sha256 }) => hasBlob(home, sha256),
      async keep({ sha256 }, bytes, speakOf) {
        await keepBlob(home, sealer, sha256, bytes);
        await speakOf();
      },
    },
  });
  terminal.out(`${takenText(bundle.header.device, taken)}\n`);
  const { entries, pictures } = taken;
  const isWhole = entries.orphans + entries.refused + pictures.refused === 0;
  return isWhole ? exitStatus.ok : exitStatus.someRefused;
}

function takenText(device: string, { entries, pictures }: BundleTaken): string {
  const parts = [
    `From device ${device.slice(0, 12)}: ${entries.fresh} entries and ${pictures.fresh} pictures are new here,`,
    `${entries.known} and ${pictures.known} were there.`,
  ];
  if (entries.orphans > 0)
    parts.push(
      `${entries.orphans} entries stand on others that are not here: meet the hub, and take the file again.`,
    );
  if (entries.refused > 0) parts.push(`${entries.refused} entries are not what their author signed.`);
  if (pictures.refused > 0) parts.push(`${pictures.refused} pictures are not whole.`);
  return parts.join(' ');
}
