import { AppError } from '../../shared/kernel/errors.ts';
import { checkBundle } from '../../shared/log/bundle/check-bundle.ts';
import { isReceiptFile, takeReceiptFile } from '../../shared/log/bundle/receipt-file.ts';
import { takeBundle } from '../../shared/log/bundle/take-bundle.ts';
import {
  bundleName,
  type BundleContent,
  type BundleMade,
  writeBundle,
} from '../../shared/log/bundle/write-bundle.ts';
import { append } from '../../shared/log/device-log.ts';
import type { FileTaken } from '../engine/records-api.ts';
import { openBundleCipher } from '../vault/bundle-cipher.ts';
import { heldBundleKeys, secretOfDevice } from './bundle-keys.ts';
import type { OpenRecords, RecordsParts } from './open-records.ts';
import { locks } from './windows.ts';

const readBytes = 1024 * 1024;
const mostReplyBytes = 256 * 1024 * 1024;

/** Writes the outbox, or everything, piece by piece. @throws AppError `bundle.no-key`, and what `write` throws */
export async function makeBundleFile(
  records: OpenRecords,
  parts: RecordsParts,
  content: BundleContent,
  write: (piece: ArrayBuffer) => Promise<void>,
): Promise<BundleMade> {
  const { log, files } = records;
  const [key] = await heldBundleKeys(records, parts);
  if (key === undefined) throw new AppError('bundle.no-key', 'the hub has not given this device a key yet');
  const salt = crypto.getRandomValues(new Uint8Array(32));
  await noteExport(records, parts, bundleName(salt), content);
  const making = await writeBundle(content, {
    ...log,
    openCipher: openBundleCipher,
    key,
    salt,
    now: log.now(),
    picture: async (blob) => ((await files.has(blob)) ? files.source(blob) : undefined),
  });
  for await (const piece of making.pieces) await write(new Uint8Array(piece).buffer);
  return making.made();
}

/** Records leave the device: that is written down with them. A chain that takes no more must not keep them here. */
async function noteExport(
  records: OpenRecords,
  { exclusively }: RecordsParts,
  entity: string,
  detail: BundleContent,
): Promise<void> {
  const { account } = await records.person();
  const said = { kind: 'audit.exported', entity, actor: account.id, body: { detail } };
  try {
    await exclusively(locks.append, () => append(records.log, [said]));
  } catch (error) {
    const isBroken = error instanceof AppError && ['log.forked', 'log.chain-broken'].includes(error.code);
    if (!isBroken) throw error;
  }
}

/** A bundle of another device, or the hub's reply to one of this device. @throws AppError as `RecordsApi.takeBundle` */
export async function takeBundleFile(
  records: OpenRecords,
  parts: RecordsParts,
  file: Blob,
  tell: (share: number) => void = () => undefined,
): Promise<FileTaken> {
  const { log, files, secrets } = records;
  const { store, crypto } = log;
  const beginning = await bytesOf(file, 0, 64);
  if (isReceiptFile(beginning)) {
    if (file.size > mostReplyBytes) throw new AppError('bundle.not-one', 'too long for a reply');
    const delivered = await takeReceiptFile(await bytesOf(file, 0, file.size), store, crypto);
    return { kind: 'reply', delivered };
  }
  const open = async function* (): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < file.size; at += readBytes) yield bytesOf(file, at, at + readBytes);
  };
  const secretFor = secretOfDevice(await heldBundleKeys(records, parts), secrets.clinic, crypto);
  const bundle = await checkBundle(open, { crypto, openCipher: openBundleCipher, secretFor }, (bytes) =>
    tell(Math.min(1, bytes / (2 * file.size))),
  );
  const taken = await takeBundle(bundle, {
    store,
    crypto,
    pictures: {
      has: (blob) => files.has(blob),
      keep: ({ sha256 }, bytes, speakOf) =>
        parts.exclusively(locks.files, async () => {
          await files.keep(sha256, bytes);
          await speakOf();
        }),
    },
  });
  const { device, madeAt } = bundle.header;
  return { kind: 'records', device, madeAt, ...taken };
}

async function bytesOf(file: Blob, from: number, to: number): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.slice(from, to).arrayBuffer());
  } catch (cause) {
    throw new AppError('bundle.unreadable', 'the file cannot be read any more', { cause });
  }
}
