import type { Checkpoint, Placement, Receipt } from './checkpoint.ts';
import type { NewEntry } from './chain.ts';
import type { Body, Entry, SignedHead } from './entry.ts';
import type { Row, TableName } from './fold/tables.ts';
import type { Timestamp } from './hybrid-clock.ts';

/** Who this device is, and whom it believes. */
export interface DeviceIdentity {
  readonly clinic: string;
  readonly device: string;
  /** The hub's root key as it was told at enrolment, base64url; never changed by what a hub says later. */
  readonly rootKey: string;
}

/** Why the chain of this device takes no more entries until it is enrolled with a new key. */
export interface BrokenChain {
  /** `forked`: the profile was copied or restored. `rejected`: the hub did not take an entry, so none behind it either. */
  readonly why: 'forked' | 'rejected';
  readonly n: number;
  readonly hs: readonly string[];
}

export interface DeviceState {
  readonly identity: DeviceIdentity;
  /** The end of this device's own chain. */
  readonly last: { readonly n: number; readonly h: string } | null;
  readonly clock: Timestamp | null;
  readonly broken: BrokenChain | null;
  /** Null before the first pull. */
  readonly epoch: string | null;
  /** How many of the hub's order were taken. */
  readonly cursor: number;
  /** The tree over them, as `Frontier` has it, in hex. */
  readonly frontier: readonly string[];
  /** Entries taken that no signed head covers yet: the head comes with a later page. */
  readonly uncovered: readonly string[];
  /** The last one whose root this device computed itself. */
  readonly verified: Checkpoint | null;
  /** The largest that the hub signed in this epoch, of those of which it is not yet known that they belong to the same tree. */
  readonly pledged: Checkpoint | null;
  /** The order is being taken anew; what the hub turns out to lack goes back into the outbox. */
  readonly reconciling: boolean;
}

export interface OutboxItem {
  readonly h: string;
  readonly entry: Entry;
  readonly body: Body | null;
}

/** One that the hub refused for good. It stays, is shown, and is not sent again. */
export interface AsideItem extends OutboxItem {
  readonly code: string;
}

export interface BlobRef {
  /** Of the plaintext, lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
  readonly type: string;
}

export interface OwnEntries {
  /** In the order of the chain. */
  readonly entries: readonly NewEntry[];
  /** Over the last of them. */
  readonly head: SignedHead;
  /** To be uploaded; the bytes are kept elsewhere, before this is called. */
  readonly blobs: readonly BlobRef[];
}

export interface PageEntry extends NewEntry {
  readonly place: Placement;
  readonly vouched: boolean;
}

/** A page of the hub's order, everything in it checked. */
export interface CheckedPage {
  readonly entries: readonly PageEntry[];
  /** Those that are not held yet. */
  readonly heads: readonly SignedHead[];
  /** Those whose content the hub lacks: where it is held, the entry goes back into the outbox. */
  readonly lacking: ReadonlySet<string>;
  /** What the state becomes. */
  readonly next: Pick<
    DeviceState,
    'cursor' | 'frontier' | 'uncovered' | 'verified' | 'last' | 'clock' | 'broken'
  >;
  /** The `pledged` that the page has shown to belong to the tree; null when it showed nothing of the kind. */
  readonly confirmed: Checkpoint | null;
  /** Of the whole tree, which this device does not have yet; null at the end. */
  readonly promised: Checkpoint | null;
  /** The device has all of the order: what was taken for delivered and has no place goes back into the outbox. */
  readonly end: boolean;
}

export interface CarryOutcome {
  readonly fresh: number;
  readonly known: number;
  /** Left out, because what they stand on is not here. */
  readonly orphans: number;
}

/** What a transaction found unchanged when it was made; otherwise it writes nothing and answers `moved`. */
export interface Expected {
  readonly epoch: string | null;
  readonly cursor: number;
  readonly last: DeviceState['last'];
}

/** One that another device brought, checked but for its place in the hub's order. */
export interface CarriedEntry extends NewEntry {
  readonly vouched: boolean;
  /** Where the hub has it, as whoever brought it knows; null where the hub may not have it. */
  readonly index: number | null;
}

export interface Carried {
  /** Of each chain, parents before children. */
  readonly entries: readonly CarriedEntry[];
  /** Sound, and at the end of one of the entries each. */
  readonly heads: readonly SignedHead[];
  /** Their bytes are kept already. */
  readonly blobs: readonly BlobRef[];
  /** The epoch of the places; null where there are none. */
  readonly epoch: string | null;
}

export interface HeldEntry {
  readonly h: string;
  readonly entry: Entry;
  /** In the outbox. */
  readonly queued: boolean;
  /** Its place in the hub's order. */
  readonly index: number | null;
}

export interface StoreCounts {
  readonly entries: number;
  readonly outbox: number;
  readonly aside: number;
  /** Delivered by a receipt, not yet seen in the hub's order. */
  readonly waiting: number;
}

/**
 * What a device keeps. Each method is one transaction, durable when it resolves; several programs (two tabs) may share one
 * store. Entries, heads and receipts are only ever added. An entry is in the outbox until a receipt names it or it is set
 * aside; whether it has a place in the hub's order is another question. Writing does not hash, sign or encrypt inside the
 * transaction: whatever takes an await of another kind is done before, and what was read before is compared inside.
 * Every write throws AppError `storage.full` where there is no room, and has then changed nothing.
 */
export interface DeviceStore {
  state(): Promise<DeviceState>;
  counts(): Promise<StoreCounts>;

  /**
   * Writes entries with bodies, head, rows (folded without a place), outbox and blobs to upload. `moved` when the end of the
   * chain is no longer `after`, or the head is of another device than the store's.
   */
  append(own: OwnEntries, after: DeviceState['last']): Promise<'written' | 'moved'>;
  /** Starts a new chain; the entries of the old one stay and are sent. The order is then taken as it stands. */
  beginChain(identity: DeviceIdentity): Promise<void>;
  markBroken(broken: BrokenChain): Promise<void>;

  /** The oldest first: what had a place before, by it; then own entries in the order of their chain. */
  outbox(limit: number): Promise<readonly OutboxItem[]>;
  /** What is held of one device, in the outbox or not, by `n` and beginning with this one; both sides of a fork. */
  chain(device: string, from: number, limit: number): Promise<readonly OutboxItem[]>;
  /**
   * What is held of all devices, by device and `n`, behind this one: of one place in a chain all sides of a fork, even where
   * that is more than the limit.
   */
  held(
    after: { readonly device: string; readonly n: number } | null,
    limit: number,
  ): Promise<readonly HeldEntry[]>;
  /** With what they say. */
  items(hs: readonly string[]): Promise<readonly OutboxItem[]>;
  /** Those that are held. */
  entries(hs: readonly string[]): Promise<ReadonlyMap<string, Entry>>;
  /** Those that are held and have exactly these entries at their end; of whichever device, for anybody can sign a head. */
  heads(hs: readonly string[]): Promise<readonly SignedHead[]>;
  /**
   * Keeps the receipt, takes out of the outbox what it names, and makes its checkpoint `pledged` where that is later. One of
   * another epoch than the state's is only kept: what it names is sent until the hub confirms it in the order of this device.
   * A device that has no order yet takes any.
   */
  acknowledge(receipt: Receipt): Promise<void>;
  receipts(): Promise<readonly Receipt[]>;
  setAside(refused: readonly { readonly h: string; readonly code: string }[]): Promise<void>;
  aside(limit: number): Promise<readonly AsideItem[]>;
  /** Puts those that are held, and not set aside, back into the outbox. @returns how many were not in it */
  requeue(hs: readonly string[]): Promise<number>;

  /**
   * Writes entries, places, heads, bodies, folded rows and the state. An entry that is held already gets its place, and its
   * body where that was missing; a body that was erased is never taken again. At the `end`, an entry that has no place, is
   * not in the outbox and not set aside goes into the outbox when the order is being taken anew, or when its receipt gave it
   * a place before the cursor.
   */
  applyPage(page: CheckedPage, expected: Expected): Promise<'written' | 'moved'>;
  /** Forgets every place, the cursor and all rows that rest on the order (`unplaceRow`); nothing else. */
  startEpoch(epoch: string, expected: Pick<Expected, 'epoch'>): Promise<'written' | 'moved'>;

  /**
   * Takes what another device brought. New entries are folded without a place and go into the outbox, unless the hub of this
   * epoch has them; of those that are held a missing body is kept. Own ones that were lost go on the own chain, or break it. An
   * entry whose parent is not held is left out.
   */
  carry(carried: Carried): Promise<CarryOutcome>;

  row<Table extends TableName>(table: Table, key: string): Promise<Row<Table> | undefined>;
  /** By key. @param after the last key of the page before */
  rows<Table extends TableName>(
    table: Table,
    page: { readonly after?: string; readonly limit: number },
  ): Promise<readonly { readonly key: string; readonly row: Row<Table> }[]>;

  blobsToUpload(limit: number): Promise<readonly BlobRef[]>;
  blobUploaded(sha256: string): Promise<void>;
}
