import { randomBytes } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { AppError, describeThrown } from '../../shared/kernel/errors.ts';
import { type MasterKey, masterKeyBytes, parseMasterKey } from './master-key.ts';

/** Where the master key comes from. */
export interface MasterKeySettings {
  readonly dataDir: string;
  /** 32 bytes, base64. It takes precedence over the file. */
  readonly masterKey?: string;
  /** Keys of earlier days, base64, that still open what they sealed. */
  readonly masterKeyOld?: readonly string[];
  /** Lines of base64: the present key, then older ones. Beside the data folder where nothing is said. */
  readonly masterKeyFile?: string;
}

export function masterKeyPath({ dataDir, masterKeyFile }: MasterKeySettings): string {
  return masterKeyFile ?? `${resolve(dataDir)}.key`;
}

const isMissing = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';

/** A copy of the data folder must not carry the key that opens it. */
function refuseInside(path: string, dataDir: string): void {
  const inside = relative(resolve(dataDir), resolve(path));
  if (inside === '' || !(inside.startsWith('..') || resolve(inside) === inside)) {
    throw new AppError('usage.invalid', 'MASTER_KEY_FILE must not lie inside DATA_DIR.');
  }
}

async function readLines(path: string): Promise<readonly string[] | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const { mode } = await file.stat();
    // Windows has no such bits; there the folder's permissions count.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new AppError('usage.invalid', `${path} can be read by others. Make it yours alone: chmod 600`);
    }
    return (await file.readFile('latin1')).split('\n').filter((line) => line.trim() !== '');
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    if (cause instanceof AppError) throw cause;
    throw new AppError('usage.invalid', `The master key cannot be read: ${describeThrown(cause)}`, { cause });
  } finally {
    await file?.close();
  }
}

/**
 * The lines of the key's file; undefined where there is none.
 * @throws AppError `usage.invalid` for a file in the wrong place, or one that others can read
 */
export async function readMasterKeyLines(
  settings: MasterKeySettings,
): Promise<readonly string[] | undefined> {
  const path = masterKeyPath(settings);
  refuseInside(path, settings.dataDir);
  return readLines(path);
}

/** On the disk before it returns: what is sealed under a lost key is lost. */
async function writeNewKey(path: string): Promise<string> {
  const line = randomBytes(masterKeyBytes).toString('base64');
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(`${line}\n`);
    await file.sync();
    await file.close();
    const folder = await open(dirname(resolve(path)), 'r');
    // Some platforms cannot sync a folder; they keep the name themselves.
    await folder.sync().catch(() => undefined);
    await folder.close();
    return line;
  } catch (cause) {
    const message = `A master key cannot be written to ${path}: ${describeThrown(cause)}`;
    throw new AppError('usage.invalid', message, { cause });
  }
}

/**
 * The ring of master keys: from the environment, or from the file, which is made at a first start.
 * @param warn told once when a key was made
 * @throws AppError `usage.invalid`; `storage.sealed` when there is no key but something sealed
 */
export function masterKeys(settings: MasterKeySettings, warn: (line: string) => void) {
  return async ({ makeKey }: { readonly makeKey: boolean }): Promise<readonly MasterKey[]> => {
    const old = (settings.masterKeyOld ?? []).map((text) => parseMasterKey(text, 'MASTER_KEY_OLD'));
    if (settings.masterKey !== undefined) return [parseMasterKey(settings.masterKey, 'MASTER_KEY'), ...old];
    const path = masterKeyPath(settings);
    const lines = await readMasterKeyLines(settings);
    if (lines !== undefined && lines.length > 0) {
      return [...lines.map((line) => parseMasterKey(line, path)), ...old];
    }
    if (!makeKey) {
      const message = `The records in ${settings.dataDir} are sealed, and their key is not at ${path}. Put it back there, or set MASTER_KEY.`;
      throw new AppError('storage.sealed', message);
    }
    const made = parseMasterKey(await writeNewKey(path), path);
    warn(
      `A new master key was made: ${path}. Keep a copy away from this machine, and away from the backups.`,
    );
    return [made, ...old];
  };
}
