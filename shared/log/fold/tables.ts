import type { Json } from '../../kernel/canonical-json.ts';

/**
 * What the log says, folded into rows. A row about an image or a result is a set of contributions, one for each entry and
 * named by its hash; what is shown is computed from the set (`image-state.ts`, `result-state.ts`). So it does not matter in
 * which order bodies come, and nothing is counted twice. Rights, models and the quarantine depend on the hub's order.
 *
 * `clear` may lie in plain columns: codes, states, dates, sizes, ids. `personal` (names, notes, file names, whatever a
 * person typed) belongs into encrypted ones; a store that cannot open it leaves it out.
 */

/** What is known of the body that belongs to an entry. */
export type BodyState =
  /** Not here yet, or not readable for this account. */
  | 'absent'
  | 'present'
  | 'erased'
  /** It is here and says nothing that the kind allows. */
  | 'unreadable';

/** What every header tells. */
export interface Contribution {
  readonly actor: string;
  readonly device: string;
  /** The hub's time; null while the hub has not placed the entry. */
  readonly effTs: number | null;
  /** The device's own clock, milliseconds and counter. */
  readonly ts: readonly [number, number];
  readonly body: BodyState;
}

export interface AddedImage extends Contribution {
  /** Earlier additions whose place it takes: somebody wrote down another patient. Absent where there is none. */
  readonly basedOn?: readonly string[];
  /** Of the file, not of the picture. */
  readonly sha256?: string;
  readonly bytes?: number;
  readonly type?: string;
  readonly width?: number;
  readonly height?: number;
  readonly study?: string;
  readonly acquiredAt?: string;
  readonly view?: string;
}

export interface Review extends Contribution {
  readonly adjudicates: boolean;
  readonly basedOn: readonly string[];
  readonly findings?: readonly { readonly code: string; readonly present: 'yes' | 'no' | 'uncertain' }[];
  readonly results?: readonly string[];
}

export interface Tombstone extends Contribution {
  readonly basedOn: readonly string[];
}

export interface AddedResult extends Contribution {
  readonly image?: string;
  readonly modelSha256s?: readonly string[];
}

type ByHash<Part> = Readonly<Record<string, Part>>;

/** Everything about one picture; the key is its identity. */
export interface ImageRow {
  readonly added: ByHash<AddedImage>;
  readonly reviews: ByHash<Review>;
  readonly tombstones: ByHash<Tombstone>;
}

/** The key says model, image and parameters (`result-key.ts`), so that the same computed twice is one. */
export interface ResultRow {
  readonly added: ByHash<AddedResult>;
  readonly tombstones: ByHash<Tombstone>;
}

/** The key is the person and the name of the preference. Of those that the hub has placed only the last few are kept. */
export interface PreferenceRow {
  readonly set: ByHash<Contribution>;
}

export type RoleName = 'user' | 'doctor' | 'admin';

/** The key is a person's id. */
export interface UserRow {
  /** Null for somebody who was shut out. */
  readonly role: RoleName | null;
}

/** The key is the device's id. */
export interface DeviceRow {
  /** `hub`: the root key vouches for this chain, and what only the hub may write counts from it. */
  readonly role: 'device' | 'hub';
  readonly revoked: boolean;
  /** Who may write on it: whoever enrolled it and each further person; `hub` stands for everybody. */
  readonly people: readonly string[];
  /** Where its chain forks. */
  readonly forks: readonly { readonly n: number; readonly hs: readonly string[] }[];
}

/** The key is the entity of the entry that activated it. */
export interface ModelRow {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  readonly active: boolean;
}

export interface OperatingPointRow {
  readonly modelSha256: string;
  readonly threshold: number;
}

export type QuarantineReason =
  | 'unknown-device'
  | 'revoked-device'
  /** The person has never signed in on that device. */
  | 'other-person'
  | 'no-right'
  | 'not-by-the-hub'
  | 'not-vouched'
  | 'unreadable'
  | 'too-many'
  /** Put there by the hub or an administrator. */
  | 'held';

/** The key is the entry's hash. */
export interface QuarantineRow {
  readonly kind: string;
  readonly entity: string;
  readonly actor: string;
  readonly device: string;
  readonly effTs: number;
  readonly reason: QuarantineReason;
  /** The row of `quarantineCounts` that it is counted in. */
  readonly countedAs: string;
  readonly released: boolean;
}

/** How much of a device waits in the quarantine; the key is its id, or `unknown` for all that were never enrolled. */
export interface QuarantineCountRow {
  readonly listed: number;
  /** Beyond the quota: counted, not listed. */
  readonly more: number;
}

/** Its being there says that this body was erased; the key is its hash. */
export type ErasedRow = Readonly<Record<string, never>>;

interface ClearRows {
  readonly images: ImageRow;
  readonly results: ResultRow;
  readonly preferences: PreferenceRow;
  readonly users: UserRow;
  readonly devices: DeviceRow;
  readonly models: ModelRow;
  readonly operatingPoints: OperatingPointRow;
  readonly quarantine: QuarantineRow;
  readonly quarantineCounts: QuarantineCountRow;
  readonly erased: ErasedRow;
}

export type TableName = keyof ClearRows;

export const tableNames = [
  'images',
  'results',
  'preferences',
  'users',
  'devices',
  'models',
  'operatingPoints',
  'quarantine',
  'quarantineCounts',
  'erased',
] as const satisfies readonly TableName[];

/** Those that depend on the hub's order: a device that learns of a new order starts them from nothing (`unplace.ts`). */
export const orderedTables = [
  'users',
  'devices',
  'models',
  'operatingPoints',
  'quarantine',
  'quarantineCounts',
] as const satisfies readonly TableName[];

export interface Row<Table extends TableName> {
  readonly clear: ClearRows[Table];
  /** By the hash of the entry that said it. */
  readonly personal: ByHash<Json>;
}

export interface RowRef {
  readonly table: TableName;
  readonly key: string;
}

/** The rows that a fold works on, loaded before by whoever stores them. */
export interface Rows {
  get<Table extends TableName>(table: Table, key: string): Row<Table> | undefined;
  /** Undefined takes the row away. */
  set<Table extends TableName>(table: Table, key: string, row: Row<Table> | undefined): void;
}
