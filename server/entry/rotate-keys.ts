import { access } from 'node:fs/promises';
import { createDiskStore } from '../blobs/disk-store.ts';
import { type BlobFiles, diskFiles } from '../blobs/disk-files.ts';
import type { Config } from '../config.ts';
import { masterKeyPath, masterKeys } from '../keys/master-key-file.ts';
import type { MasterKey } from '../keys/master-key.ts';
import { openVault } from '../keys/open-vault.ts';
import { beginRotation, endRotation, replaceKeyFile, type ReplaceFile } from '../keys/rotate-key-file.ts';
import type { KeyVault } from '../keys/sealer-api.ts';
import { remoteOperator } from '../operator/operator-socket.ts';
import { compactFile } from '../store/compact-file.ts';
import type { Database } from '../store/database.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { blobFolder, openDatabase, recordsFile } from './open-records.ts';
import { sealedThings } from './sealed-columns.ts';
import { secretInMeta } from './secret-in-meta.ts';
import { countKeys, rewrapColumn } from './wrapped-keys.ts';

/** What a rotation writes to. */
export interface RotationParts {
  readonly openDatabase: (config: Config) => Promise<Database>;
  readonly blobFiles: BlobFiles;
  readonly compactFile: (path: string) => Promise<void>;
  readonly replaceFile: ReplaceFile;
}

const realParts: RotationParts = {
  openDatabase,
  blobFiles: diskFiles(),
  compactFile,
  replaceFile: replaceKeyFile,
};

interface Rotation {
  readonly config: Config;
  readonly database: Database;
  readonly parts: RotationParts;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** @throws AppError `usage.invalid` where there is nothing to work on, or no key may be made */
async function refuseNeedlessly({ dataDir, libsql, masterKey }: Config): Promise<void> {
  if (libsql === undefined) {
    const isThere = await access(recordsFile(dataDir)).then(
      () => true,
      () => false,
    );
    if (!isThere) throw new AppError('usage.invalid', `There are no records in DATA_DIR (${dataDir}).`);
    return;
  }
  if (masterKey === undefined) {
    const message =
      'Several hubs may share the records at LIBSQL_URL, so no key is made for them here. Put a new key into MASTER_KEY and the present one into MASTER_KEY_OLD, of every hub and of this command.';
    throw new AppError('usage.invalid', message);
  }
  // A file is locked by the hub that has it open; of a server's hubs only the one of this folder can be asked.
  if ((await remoteOperator(dataDir).run({ do: 'list' })) !== undefined) throw running(dataDir);
}

function running(dataDir: string, cause?: unknown): AppError {
  const message = `A hub, or another command, is at work in DATA_DIR (${dataDir}). Stop the hub and give the command again.`;
  return new AppError('storage.in-use', message, { cause });
}

async function openUnlessRunning(config: Config, parts: RotationParts): Promise<Database> {
  try {
    return await parts.openDatabase(config);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'storage.in-use') throw running(config.dataDir, thrown);
    throw thrown;
  }
}

const vaultOf = (database: Database, ring: readonly MasterKey[]): Promise<KeyVault> =>
  openVault(secretInMeta(database), async () => ring);

function blobsOf({ config, parts }: Rotation, keys: KeyVault) {
  const folder = blobFolder(config.dataDir);
  return createDiskStore({ folder, keys, now: () => Date.now(), files: parts.blobFiles });
}

/** Wraps everything by the first key of the ring. */
async function rewrapAll(rotation: Rotation, ring: readonly MasterKey[]): Promise<void> {
  const { database, signal, say } = rotation;
  const vault = await vaultOf(database, ring);
  const beforeEach = (): void => signal.throwIfAborted();
  let rows = 0;
  for (const column of sealedThings.flatMap(({ columns }) => columns)) {
    rows += await rewrapColumn(database, column, vault, beforeEach);
  }
  say(`Wrapped anew: the keys of ${rows} values in the records.`);
  const { rewrapped } = await blobsOf(rotation, vault).rewrap(beforeEach);
  say(`Wrapped anew: the keys of ${rewrapped} files.`);
}

/** @throws AppError `storage.sealed` when the present key does not open everything by itself */
async function checkAll(rotation: Rotation, present: MasterKey): Promise<void> {
  const { database, say } = rotation;
  const vault = await vaultOf(database, [present]);
  const lines: string[] = [];
  const closed: string[] = [];
  const note = (what: string, opened: number, unopened: number): void => {
    if (opened > 0) lines.push(`  ${String(opened).padStart(9)}  ${what}`);
    if (unopened > 0) closed.push(`${unopened} ${what}`);
  };
  for (const { what, columns } of sealedThings) {
    let [opened, unopened] = [0, 0];
    for (const column of columns) {
      const counts = await countKeys(database, column, vault);
      opened += counts.opened;
      unopened += counts.closed;
    }
    note(what, opened, unopened);
  }
  const blobs = await blobsOf(rotation, vault).rewrap(() => rotation.signal.throwIfAborted());
  note('files', blobs.files, blobs.closed);
  if (closed.length > 0) {
    const message = `The present master key alone does not open ${closed.join(', ')}: they are damaged, were sealed under a key that is not at hand, or were written just now by a hub that seals under an older key. So the older keys stay. Nothing is lost; give the command again when the cause is gone.`;
    throw new AppError('storage.sealed', message);
  }
  say(['Checked: the present master key opens by itself', ...lines].join('\n'));
}

/**
 * Wraps everything that a hub has sealed by a new master key and drops the old one. With a key in the environment that one
 * is the new one, and whoever set it drops the old one. Interrupted anywhere it loses nothing, and the next call goes on.
 * @param say told in sentences what was done
 * @param signal ends it between two steps, with its own reason
 * @throws AppError `storage.in-use` while a hub runs; `storage.sealed` when something does not open, and then no key was
 *   dropped; `usage.invalid`, `usage.file-problem`, `storage.full`
 */
export async function rotateKeys(
  config: Config,
  say: (line: string) => void,
  signal: AbortSignal,
  parts: RotationParts = realParts,
): Promise<void> {
  await refuseNeedlessly(config);
  const database = await openUnlessRunning(config, parts);
  try {
    const rotation = { config, database, parts, say, signal };
    if ((await secretInMeta(database).read()) === undefined)
      throw new AppError('usage.invalid', 'Nothing has been sealed yet: the hub was never started.');
    const keys = (): Promise<readonly MasterKey[]> => masterKeys(config, say)({ makeKey: false });
    // Before a key is made: whether those at hand are the ones of these records.
    await vaultOf(database, await keys());
    if (config.masterKey === undefined) await rotateFile(rotation, keys);
    else await rotateEnvironment(rotation, await keys());
  } finally {
    await database.close();
  }
}

/** From the older keys of the ring to the first one: afterwards nothing is left that they open. */
async function changeOver(rotation: Rotation, ring: readonly MasterKey[]): Promise<void> {
  const { config, parts, say } = rotation;
  await rewrapAll(rotation, ring);
  await checkAll(rotation, ring[0]!);
  // What was erased or replaced lies on in free parts of a file, with its key beside it. A server sees to its own.
  if (config.libsql !== undefined) return;
  await parts.compactFile(recordsFile(config.dataDir));
  say('The file of the records was written anew, without what was erased or replaced before.');
}

async function rotateFile(rotation: Rotation, keys: () => Promise<readonly MasterKey[]>): Promise<void> {
  const { config, say, parts } = rotation;
  const path = masterKeyPath(config);
  const how = await beginRotation(config, parts.replaceFile);
  say(
    how === 'begun'
      ? `A new master key stands first in ${path}, the old one behind it until nothing needs it any more.`
      : `A rotation was begun before and goes on: the new master key stands first in ${path}.`,
  );
  await changeOver(rotation, await keys());
  await endRotation(config, parts.replaceFile);
  say(`The old master key was taken out of ${path}.`);
  if (config.masterKeyOld !== undefined) say('MASTER_KEY_OLD is needed no more; take it away.');
  say(`Now keep a copy of the new ${path} away from this machine, and away from the backups.`);
  say('Keep the copy of the old key as long as the backups made until today: they open with that one alone.');
}

async function rotateEnvironment(rotation: Rotation, ring: readonly MasterKey[]): Promise<void> {
  const { say } = rotation;
  say('MASTER_KEY is the present master key; everything is wrapped by it.');
  await changeOver(rotation, ring);
  if (rotation.config.libsql === undefined) {
    say('Nothing else needs an older key: take MASTER_KEY_OLD away.');
  } else {
    say('Files that other hubs keep are not reached from here: in a folder, give the command there, too.');
    say('A hub with files in an object store needs MASTER_KEY_OLD on. Take it away from every other hub.');
  }
  say('Keep the old key as long as the backups made until today: they open with that one alone.');
}
