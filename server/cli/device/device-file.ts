import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../shared/kernel/errors.ts';
import { GrantKey } from '../../../shared/api/devices.ts';
import { BundleKey } from '../../../shared/log/bundle/bundle-key.ts';
import { RecordId } from '../../../shared/log/names.ts';
import { fileProblem } from '../file-problem.ts';

const Secret = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** `device.json`, mode 0600: everything that must not be lost or shown. Whoever can read it is this device. */
const DeviceFile = z.strictObject({
  format: z.literal(1),
  hub: z.url(),
  /** The private key of the device, base64url. */
  seed: Secret,
  /** Seals what is personal in `device.db`. */
  masterKey: Secret,
  user: RecordId,
  email: z.string(),
  refreshToken: z.string(),
  /** A JWT of the hub: until when readings may be signed without it. */
  grant: z.string(),
  grantKey: GrantKey,
  /** For files that devices of the clinic carry, the newest first; absent until the hub has given one. */
  bundleKeys: z.array(BundleKey).optional(),
});
export type DeviceFile = z.infer<typeof DeviceFile>;

export const newSecret = (): string => randomBytes(32).toString('base64url');

const pathIn = (home: string): string => join(home, 'device.json');

/** Undefined where no device was enrolled. @throws AppError `usage.file-problem`, `storage.sealed` for one that is damaged */
export async function readDeviceFile(home: string): Promise<DeviceFile | undefined> {
  let text: string;
  try {
    text = await readFile(pathIn(home), 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw fileProblem(pathIn(home), cause);
  }
  const parsed = DeviceFile.safeParse(jsonOf(text));
  if (!parsed.success) throw new AppError('storage.sealed', `${pathIn(home)} is damaged`);
  return parsed.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** All of it or what was there before, also when the power fails. */
export async function writeDeviceFile(home: string, file: DeviceFile): Promise<void> {
  const path = pathIn(home);
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
    const next = await open(`${path}.next`, 'w', 0o600);
    try {
      // A file that was left over keeps the mode that it had.
      await chmod(`${path}.next`, 0o600);
      await next.writeFile(`${JSON.stringify(file, null, 2)}\n`);
      await next.sync();
    } finally {
      await next.close();
    }
    await rename(`${path}.next`, path);
    const folder = await open(dirname(path));
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (cause) {
    throw fileProblem(path, cause);
  }
}
