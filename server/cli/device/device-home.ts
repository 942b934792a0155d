import { hkdfSync, randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../shared/kernel/errors.ts';
import { fromBase64Url } from '../../../shared/kernel/bytes.ts';
import type { DeviceLogParts } from '../../../shared/log/device-log.ts';
import { readGrant } from '../../../shared/api/read-grant.ts';
import type { DeviceIdentity } from '../../../shared/log/device-store.ts';
import { openDeviceStore } from '../../../shared/log/open-device-store.ts';
import { openLibsqlDeviceTables } from '../../device/libsql-device-tables.ts';
import { createKeyVault } from '../../keys/key-vault.ts';
import { masterKey } from '../../keys/master-key.ts';
import { nodeCrypto, signerOf } from '../../keys/node-crypto.ts';
import type { Sealer } from '../../keys/sealer-api.ts';
import { openFile } from '../../store/open-file.ts';
import { type DeviceFile, readDeviceFile } from './device-file.ts';

export interface DeviceHome {
  readonly file: DeviceFile;
  readonly parts: DeviceLogParts;
  readonly sealer: Sealer;
  close(): Promise<void>;
}

/**
 * The device of a folder; close it, or no other command can use it.
 * @param identity makes it that device's when nothing was kept there before
 * @throws AppError `sync.unknown-device` when none was enrolled; `storage.in-use` while another command uses it
 */
export async function openDeviceHome(
  home: string,
  given?: { readonly file: DeviceFile; readonly identity: DeviceIdentity },
): Promise<DeviceHome> {
  const file = given?.file ?? (await readDeviceFile(home));
  if (file === undefined) throw new AppError('sync.unknown-device', `no device was enrolled in "${home}"`);
  await mkdir(home, { recursive: true, mode: 0o700 });
  const database = await openFile(join(home, 'device.db'));
  try {
    const secret = fromBase64Url(file.masterKey);
    const indexSecret = new Uint8Array(
      hkdfSync('sha256', secret, new Uint8Array(0), 'fieldray device index', 32),
    );
    const sealer = createKeyVault([masterKey(secret)], indexSecret);
    const tables = await openLibsqlDeviceTables({ database, sealer }, given?.identity);
    return {
      file,
      sealer,
      parts: {
        store: openDeviceStore(tables),
        signer: signerOf(fromBase64Url(file.seed)),
        crypto: nodeCrypto,
        randomBytes: (length) => randomBytes(length),
        now: () => Date.now(),
        grant: () => readGrant(file),
      },
      close: () => database.close(),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
