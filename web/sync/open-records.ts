import type { Tokens } from '../../shared/api/call-endpoint.ts';
import { fromBase64Url } from '../../shared/kernel/bytes.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import type { DeviceLogParts } from '../../shared/log/device-log.ts';
import type { DeviceIdentity } from '../../shared/log/device-store.ts';
import type { DeviceTables } from '../../shared/log/device-tables.ts';
import type { LogCrypto } from '../../shared/log/log-crypto.ts';
import { openDeviceStore } from '../../shared/log/open-device-store.ts';
import type { Drafts } from '../data/drafts.ts';
import type { KeptFiles } from '../data/kept-files.ts';
import type { LocalReadings } from '../data/local-readings.ts';
import type { RecordSealer } from '../data/record-sealer.ts';
import type { RecordsHome } from '../data/records-home.ts';
import type { UnsyncedNames } from '../data/unsynced-names.ts';
import type { ShortRows } from '../data/short-rows.ts';
import type { VaultStore } from '../data/vault-store.ts';
import { aesSealer } from '../vault/aes-sealer.ts';
import { type ReadGrant, readGrant } from '../../shared/api/read-grant.ts';
import { importSigner } from '../vault/signing-key.ts';
import { openTimeKeeper, type TimeKeeper } from '../vault/time-keeper.ts';
import {
  deviceItem,
  type DeviceSecrets,
  personItem,
  type PersonSecrets,
  timeItem,
} from '../vault/vault-items.ts';
import type { VaultKeys } from '../vault/vault-keys.ts';
import { openHubSession } from './hub-session.ts';
import type { BinaryFetch } from './send-files.ts';
import type { Exclusively } from './windows.ts';

/** Where the records lie, opened with a key. */
export interface OpenedTables {
  readonly tables: DeviceTables;
  readonly files: KeptFiles;
  readonly drafts: Drafts;
  readonly unsyncedNames: () => Promise<UnsyncedNames>;
  readonly readings: LocalReadings;
  readonly shorts: ShortRows;
  close(): void;
}

/** @param identity whose an empty store becomes. @throws AppError `sync.unknown-device` where it is empty and none is given */
export type OpenTables = (sealer: RecordSealer, identity?: DeviceIdentity) => Promise<OpenedTables>;

/** What the platform brings. */
export interface RecordsParts {
  readonly vaultStore: VaultStore;
  readonly openTables: OpenTables;
  readonly home: RecordsHome;
  readonly crypto: LogCrypto;
  readonly fetch: BinaryFetch;
  readonly exclusively: Exclusively;
  /** Milliseconds since 1970. */
  readonly wall: () => number;
  /** Milliseconds of a clock that nobody can set. */
  readonly monotonic: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Resolves after this time, or when the signal is aborted. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** The records of an unlocked device. */
export interface OpenRecords extends OpenedTables {
  readonly keys: VaultKeys;
  readonly secrets: DeviceSecrets;
  readonly log: DeviceLogParts;
  readonly tokens: Tokens;
  readonly time: TimeKeeper;
  person(): Promise<PersonSecrets>;
  /** Null where the hub did not sign what is kept; it may have ended. */
  grant(): Promise<ReadGrant | null>;
}

/**
 * @param signedIn what a sign-in has just brought: an access token, and whose the store becomes where it is empty
 * @throws AppError `account.signed-out` where the person has to sign in first; `sync.unknown-device` where the records are gone
 */
export async function openRecords(
  keys: VaultKeys,
  parts: RecordsParts,
  signedIn?: { readonly accessToken: string; readonly identity: DeviceIdentity },
): Promise<OpenRecords> {
  const { vaultStore, crypto: logCrypto, wall, monotonic } = parts;
  const item = personItem(vaultStore, keys);
  const person = async (): Promise<PersonSecrets> => {
    const held = await item.read();
    if (held === undefined)
      throw new AppError('account.signed-out', 'this person has not signed in here yet');
    return held;
  };
  await person();
  const secrets = await deviceItem(vaultStore, keys).read();
  if (secrets === undefined) throw new AppError('sync.unknown-device', 'the vault holds no device');
  const signer = await importSigner({
    secret: fromBase64Url(secrets.signingKey),
    publicKey: fromBase64Url(secrets.publicKey),
  });
  const time = await openTimeKeeper({ item: timeItem(vaultStore, keys), wall, monotonic });
  const opened = await parts.openTables(aesSealer(keys.records), signedIn?.identity);
  let checked: { readonly text: string; readonly grant: ReadGrant | null } | undefined;
  // Checking a signature for each entry would cost more than writing it.
  const checkedGrant = async (): Promise<ReadGrant | null> => {
    const held = await person();
    if (checked?.text !== held.grant) checked = { text: held.grant, grant: await readGrant(held) };
    return checked.grant;
  };
  const log: DeviceLogParts = {
    store: openDeviceStore(opened.tables),
    signer,
    crypto: logCrypto,
    randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    now: wall,
    async grant() {
      const grant = await checkedGrant();
      // By the time that never goes back; whoever writes asks the clock besides.
      return grant === null || time.now() >= grant.expiresAt ? null : grant;
    },
  };
  // The device was given a new key and the program ended before its chain had begun.
  const { clinic, device, rootKey } = secrets;
  const { identity } = await log.store.state();
  if (identity.device !== device) await log.store.beginChain({ clinic, device, rootKey });
  const tokens = openHubSession(parts.fetch, item, parts.exclusively, signedIn?.accessToken);
  return { ...opened, keys, secrets, log, tokens, time, person, grant: checkedGrant };
}
