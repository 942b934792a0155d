import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createR2Store } from '../../server/blobs/r2-store.ts';
import { takeAtHub, type TakenAtHub } from '../../server/bundle/take-at-hub.ts';
import { openBundleCipher } from '../../server/keys/bundle-cipher.ts';
import { nodeCrypto, runningSha256 } from '../../server/keys/node-crypto.ts';
import type { Database } from '../../server/store/database.ts';
import type { Fact, Member } from '../../server/store/hub-log-api.ts';
import { openFile } from '../../server/store/open-file.ts';
import { concatBytes, toBase64Url } from '../../shared/kernel/bytes.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { type BundleKey, keyName } from '../../shared/log/bundle/bundle-key.ts';
import { checkBundle } from '../../shared/log/bundle/check-bundle.ts';
import type { BundleReadParts } from '../../shared/log/bundle/read-bundle.ts';
import { type BundleTaken, takeBundle } from '../../shared/log/bundle/take-bundle.ts';
import { type BundleContent, type BundleMade, writeBundle } from '../../shared/log/bundle/write-bundle.ts';
import { append } from '../../shared/log/device-log.ts';
import { createMemoryDeviceTables } from '../../shared/log/memory-device-tables.ts';
import { syncOnce } from '../../shared/log/sync-engine.ts';
import { verifyExport } from '../../shared/log/verify/verify-export.ts';
import { memoryBucket } from '../blobs/memory-bucket.ts';
import { testVault } from '../blobs/test-vault.ts';
import { identityOf, testDevice } from '../fixtures/test-device.ts';
import { testSigner } from '../fixtures/test-signer.ts';
import { clinic, doctor, openHubLog } from '../hub-log/open-hub-log.ts';

export const testKey: BundleKey = { generation: 1, secret: 'A'.repeat(43) };

/** As a hub or a device with these keys reads. */
export function readParts(keys: readonly BundleKey[] = [testKey], of = clinic): BundleReadParts {
  return {
    crypto: nodeCrypto,
    openCipher: openBundleCipher,
    async secretFor(bundle) {
      if (bundle.clinic !== of) throw new AppError('bundle.other-clinic', bundle.clinic);
      const key = keys.find((one) => keyName(one, nodeCrypto) === bundle.key);
      if (key === undefined) throw new AppError('bundle.no-key', bundle.key);
      return key.secret;
    },
  };
}

/** A file in memory, in pieces as no disk gives them. */
export function fileOf(bytes: Uint8Array, pieceBytes = 70_001) {
  return async function* (): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.slice(at, at + pieceBytes);
  };
}

export type WorldDevice = ReturnType<typeof worldDevice>;

/** A device in memory with pictures, that writes and takes bundles. */
export function worldDevice(
  name: string,
  rootKey = toBase64Url(testSigner('root').publicKey),
  tables = createMemoryDeviceTables({ ...identityOf(name), rootKey }),
) {
  const device = testDevice(name, doctor, { tables });
  const { store, parts } = device;
  const files = new Map<string, Uint8Array>();
  let salts = 0;
  return {
    ...device,
    name,
    files,
    /** An image with its picture. @returns the names of the entry and of the picture */
    async addPicture(bytes: Uint8Array, entity: string) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      files.set(sha256, bytes);
      const blob = { sha256, bytes: bytes.length, type: 'image/png' };
      const [added] = await append(
        parts,
        [{ kind: 'image.added', entity, actor: doctor, body: { ...blob, fileName: `${entity}.png` } }],
        [blob],
      );
      return { h: added!.h, sha256 };
    },
    async bundle(
      content: BundleContent = 'outbox',
      key = testKey,
    ): Promise<{ readonly bytes: Uint8Array; readonly made: BundleMade }> {
      const making = await writeBundle(content, {
        ...parts,
        openCipher: openBundleCipher,
        key,
        salt: createHash('sha256').update(`${name} ${salts++}`).digest(),
        now: 1_700_000_000_000,
        picture: async ({ sha256, bytes: size, type }) => {
          const bytes = files.get(sha256);
          return bytes && { sha256, size, type, bytes: async (from, to) => bytes.slice(from, to) };
        },
      });
      const pieces: Uint8Array[] = [];
      for await (const piece of making.pieces) pieces.push(piece);
      return { bytes: concatBytes(...pieces), made: making.made() };
    },
    async take(bytes: Uint8Array, keys?: readonly BundleKey[]): Promise<BundleTaken> {
      return takeBundle(await checkBundle(fileOf(bytes), readParts(keys)), {
        store,
        crypto: nodeCrypto,
        pictures: {
          has: async ({ sha256 }) => files.has(sha256),
          async keep({ sha256 }, picture, speakOf) {
            files.set(sha256, picture);
            await speakOf();
          },
        },
      });
    },
  };
}

/** A hub's log and files, and devices that are enrolled there. */
export async function bundleWorld(deviceNames: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'fieldray-bundles-'));
  const path = join(folder, 'hub.db');
  let database: Database = await openFile(path);
  let { hubLog } = await openHubLog(database);
  const blobs = createR2Store({ bucket: memoryBucket(() => 0), keys: testVault() });
  const devices = deviceNames.map((name) => worldDevice(name, hubLog.rootKey()));
  await hubLog.append(clinic, [
    { kind: 'user.approved', entity: doctor, actor: 'hub', body: { role: 'doctor' } },
    ...devices.map(({ device, parts }) => ({
      kind: 'device.enrolled',
      entity: device,
      actor: doctor,
      body: { key: toBase64Url(parts.signer.publicKey), name: 'a laptop', role: 'device' },
    })),
  ]);
  const memberOf = ({ device }: WorldDevice): Member => ({ clinic, userId: doctor, role: 'doctor', device });
  return {
    blobs,
    devices,
    append: (...facts: readonly Fact[]) => hubLog.append(clinic, facts),
    size: async () => (await hubLog.audit.checkpoint(clinic)).size,
    /** @returns puts the hub back to how it is now */
    async backup(): Promise<() => Promise<void>> {
      await copyFile(path, `${path}.copy`);
      return async () => {
        await hubLog.close();
        await database.close();
        await copyFile(`${path}.copy`, path);
        database = await openFile(path);
        ({ hubLog } = await openHubLog(database));
      };
    },
    take: (bytes: Uint8Array): Promise<TakenAtHub> =>
      takeAtHub(fileOf(bytes), { ...readParts(), hubLog, blobs }),
    sync: (device: WorldDevice) =>
      syncOnce({
        store: device.store,
        crypto: nodeCrypto,
        transport: {
          push: (request) => hubLog.push(memberOf(device), request),
          pull: (request) => hubLog.pull(memberOf(device), request),
        },
      }),
    /** What is wrong with the clinic's export. */
    async findings(): Promise<readonly unknown[]> {
      const pieces: Uint8Array[] = [];
      for await (const piece of await hubLog.audit.exportLines({ clinic, userId: doctor, role: 'admin' }))
        pieces.push(piece);
      const crypto = { ...nodeCrypto, startSha256: runningSha256 };
      const open = fileOf(concatBytes(...pieces));
      return (await verifyExport({ open, pinnedKeys: [hubLog.rootKey()] }, crypto)).findings;
    },
    async picture(sha256: string): Promise<Uint8Array> {
      const found = await blobs.find(clinic, sha256);
      const pieces: Uint8Array[] = [];
      for await (const piece of blobs.read(clinic, sha256, 0, found!.size)) pieces.push(piece);
      return concatBytes(...pieces);
    },
    async close() {
      await hubLog.close();
      await database.close();
      await rm(folder, { recursive: true });
    },
  };
}
