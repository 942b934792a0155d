import type { ErrorCode } from '../../shared/kernel/errors.ts';
import type { Json } from '../../shared/kernel/canonical-json.ts';
import type { BundleTaken } from '../../shared/log/bundle/take-bundle.ts';
import type { BundleMade } from '../../shared/log/bundle/write-bundle.ts';
import type { StoreCounts } from '../../shared/log/device-store.ts';
import type { Row, TableName } from '../../shared/log/fold/tables.ts';
import type { LossSummary, Unsynced } from '../../shared/log/ledger.ts';

/** What page and records worker say to each other. */

export interface SignInRequest {
  readonly email: string;
  readonly password: string;
  /** What people call this device. */
  readonly deviceName: string;
  /**
   * Whoever can open the vault of this device, where the one who signs in cannot: new here, or with another password.
   * `recoveryKey`: the clinic's private key, PKCS #8, base64url.
   */
  readonly opener?: { readonly email: string; readonly password: string } | { readonly recoveryKey: string };
  /** The records here are damaged: they are made anew, with what of the unsynced ones can still be read. */
  readonly rebuild?: boolean;
}

/** What a passkey of this device is asked about. */
export interface PasskeyQuestion {
  /** Base64url. */
  readonly credential: string;
  readonly salt: Uint8Array;
}

/** What the passkey made of the salt. */
export interface PasskeySecret {
  readonly credential: string;
  /** 32 bytes. */
  readonly secret: Uint8Array;
}

/** What is said without its author: that is whoever has unlocked the device. */
export interface SaidHere {
  readonly kind: string;
  /** It stands in clear on every device: an identity, a key, an id, and never a name. */
  readonly entity: string;
  readonly basedOn?: readonly string[];
  readonly body: { readonly [name: string]: Json | undefined } | null;
}

/** A picture that an entry speaks of. */
export interface FileHere {
  readonly bytes: ArrayBuffer;
  readonly type: string;
}

/** Milliseconds since 1970 by this device's clock. */
export type SyncNote =
  /** Nothing was tried since the device was unlocked. */
  | { readonly state: 'resting' }
  /** Both have the same. `setAside`: refused by the hub for good, by this device. */
  | { readonly state: 'settled'; readonly at: number }
  | { readonly state: 'waiting'; readonly at: number; readonly code: ErrorCode }
  /** Somebody has to do something first. */
  | { readonly state: 'stopped'; readonly at: number; readonly code: ErrorCode };

/**
 * `records-gone`: their database is, with everything that had not been synced. `records-damaged`: they cannot be read, or a
 * part of them is gone. `vault-gone`: what opens them is, so that they are of no use.
 */
export type DamagedStore = 'records-gone' | 'records-damaged' | 'vault-gone';

export interface RecordsStatus {
  /** `none`: nobody has signed in on this device yet. */
  readonly vault: 'none' | 'locked' | 'open';
  readonly sync: SyncNote;
  readonly damage?: DamagedStore;
  readonly open?: {
    readonly person: {
      readonly id: string;
      readonly email: string;
      readonly role: 'user' | 'doctor' | 'admin';
    };
    readonly clinic: { readonly id: string; readonly name: string };
    readonly device: string;
    /** Until when readings may be signed without the hub; absent for whoever signs none, or when it has ended. */
    readonly grantEndsAt?: number;
    readonly counts: StoreCounts;
    /** Pictures that the hub does not have; 1000 stands for as many or more. */
    readonly files: number;
    /** The chain takes no more until the device is enrolled with a new key, by signing in. */
    readonly broken: boolean;
  };
}

/** What became of a file that was taken in. */
export type FileTaken =
  | ({
      readonly kind: 'records';
      /** Who made it. */
      readonly device: string;
      /** By that device's clock. */
      readonly madeAt: number;
    } & BundleTaken)
  /** The hub's answer to a file of this device. */
  | { readonly kind: 'reply'; readonly delivered: number };

/** It stays on this device, and nobody else sees it. */
export interface RefusedEntry {
  readonly h: string;
  readonly kind: string;
  /** Milliseconds since 1970, by the clock of the device that wrote it. */
  readonly at: number;
  readonly code: string;
}

/**
 * The one keeper of a window's records. All windows of a browser are open or locked together, and one of them syncs.
 * @throws AppError from each: `vault.locked`, `storage.*`
 */
export interface RecordsApi {
  status(): Promise<RecordsStatus>;
  /** Told whenever something of it may have changed. */
  watch(tell: () => void): Promise<void>;
  /**
   * Asks the hub, enrols this device and unlocks it.
   * @throws AppError `network.unreachable`, `account.*`, `vault.needs-opener`, `sync.other-clinic`, `log.hub-inconsistent`
   */
  signIn(request: SignInRequest): Promise<RecordsStatus>;
  /**
   * Without a network. @throws AppError `vault.none`, `account.wrong-credentials`, `account.too-many-attempts` with
   * `details.retryAfterMs`; `sync.unknown-device` where the records are gone and the hub has to be asked.
   * @param credentials with `rebuild` the records are made anew, as by signing in: that needs the hub. It throws
   * `network.unreachable` without it, and `account.*` where the hub wants the person to sign in
   */
  unlock(credentials: {
    readonly email: string;
    readonly password: string;
    readonly rebuild?: boolean;
  }): Promise<RecordsStatus>;
  passkeys(): Promise<readonly PasskeyQuestion[]>;
  /** For the person of the password, who may open with it from now on. @throws AppError as `unlock` */
  addPasskey(
    credentials: { readonly email: string; readonly password: string },
    passkey: PasskeyQuestion & PasskeySecret,
  ): Promise<void>;
  unlockWithPasskey(passkey: PasskeySecret): Promise<RecordsStatus>;
  /** In every window. */
  lock(): Promise<void>;
  /** Somebody is there: it does not lock yet. */
  touch(): Promise<void>;
  /**
   * All of it or nothing, durable when it resolves. @returns the entries' names
   * @throws AppError `sync.grant-expired`, `log.forked`, `log.chain-broken`, `storage.full`
   */
  append(said: readonly SaidHere[], files?: readonly FileHere[]): Promise<readonly string[]>;
  /** What a person has begun and not signed, under a name that says nothing about anybody. */
  draft(name: string): Promise<Json | undefined>;
  keepDraft(name: string, draft: Json | undefined): Promise<void>;
  row<Table extends TableName>(table: Table, key: string): Promise<Row<Table> | undefined>;
  /** By key. */
  rows<Table extends TableName>(
    table: Table,
    page: { readonly after?: string; readonly limit: number },
  ): Promise<readonly { readonly key: string; readonly row: Row<Table> }[]>;
  /**
   * The outbox, or all that is held, as one sealed file for a stick. `write` is given its pieces one after the other and is
   * waited for; what it throws ends it. Everything stays to be sent until the hub has confirmed it. Locking ends it.
   * @throws AppError `bundle.no-key` until the hub has been met
   */
  makeBundle(content: 'outbox' | 'all', write: (piece: ArrayBuffer) => Promise<void>): Promise<BundleMade>;
  /**
   * Such a file of another device of the clinic, or the hub's reply. Taken twice, or in whatever order, it is the same.
   * @param tell how much of it is done, from 0 to 1
   * @throws AppError `bundle.*`, with nothing taken; `storage.full` in the middle: the next time goes on
   */
  takeBundle(file: Blob, tell?: (share: number) => void): Promise<FileTaken>;
  /** What the hub does not have, for the ledger outside the database. */
  unsynced(): Promise<Unsynced>;
  /** What of a loss is not here, either. */
  stillMissing(lost: Unsynced): Promise<LossSummary>;
  /** When the hub last heard of another device that this person calls as this one. @throws AppError `network.unreachable` */
  namesakeHeardAt(): Promise<number | undefined>;
  /** The ledger knows of more than is here: the records are damaged. */
  distrust(): Promise<void>;
  /** What the hub will not take, the first hundred of it. */
  refused(): Promise<readonly RefusedEntry[]>;
  /** Tries at once, also what had stopped. */
  syncNow(): Promise<void>;
}
