import { canonicalJson } from '../../shared/kernel/canonical-json.ts';
import type { ImageOrigin } from '../../shared/imaging/header/image-origin.ts';
import { Analysis } from '../../shared/api/analysis.ts';
import {
  firstOf,
  isImageShown,
  isResultShown,
  type ReviewState,
  reviewState,
  standingAdditions,
} from '../../shared/log/fold/image-state.ts';
import type { BlobRef } from '../../shared/log/device-store.ts';
import type { Row, TableName } from '../../shared/log/fold/tables.ts';
import type { Reading } from './reading.ts';
import { summaryOf } from './reading-outcome.ts';

/** Of an image, what a list shows. The key is its identity. */
export interface ShortImage {
  readonly table: 'images';
  readonly key: string;
  /** False when it was taken away. */
  readonly shown: boolean;
  readonly file?: BlobRef;
  readonly fileName?: string;
  /** Different ones where two people who did not see each other wrote down two. */
  readonly patients: readonly NonNullable<ImageOrigin['patient']>[];
  /** Milliseconds since 1970: by the hub, or by the device's own clock while the hub has not placed it. */
  readonly addedAt: number;
  readonly review: ReviewState['state'];
}

/** Of a result, what a list shows of the image that it is about. */
export interface ShortResult {
  readonly table: 'results';
  readonly key: string;
  readonly image: string;
  readonly addedAt: number;
  readonly summary: Pick<Reading, 'state' | 'findings' | 'synthetic' | 'problem'>;
}

export type ShortRow = ShortImage | ShortResult;

export const shortTables = ['images', 'results'] as const satisfies readonly TableName[];

/** Kept beside the row and written with it: a list of thousands opens these and not the rows. Undefined where nothing is listed. */
export function shortOf(table: TableName, key: string, row: Row<TableName>): ShortRow | undefined {
  if (table === 'images') return shortImage(key, row as Row<'images'>);
  return table === 'results' ? shortResult(key, row as Row<'results'>) : undefined;
}

function shortImage(key: string, { clear, personal }: Row<'images'>): ShortImage | undefined {
  const [h] = firstOf(clear.added);
  if (h === undefined) return undefined;
  const { sha256, bytes, type, effTs, ts } = clear.added[h]!;
  const said = personal[h] as Pick<ShortImage, 'fileName'> | undefined;
  return {
    table: 'images',
    key,
    shown: isImageShown(clear),
    ...(sha256 !== undefined &&
      bytes !== undefined &&
      type !== undefined && { file: { sha256, bytes, type } }),
    ...(said?.fileName !== undefined && { fileName: said.fileName }),
    patients: patientsOf({ clear, personal }),
    addedAt: effTs ?? ts[0],
    review: reviewState(clear).state,
  };
}

type Patient = NonNullable<ImageOrigin['patient']>;

function patientsOf({ clear, personal }: Row<'images'>): readonly Patient[] {
  const said = standingAdditions(clear.added).flatMap(
    (h) => (personal[h] as { readonly patient?: Patient } | undefined)?.patient ?? [],
  );
  const found = new Map(said.map((patient) => [canonicalJson(patient), patient]));
  return [...found.values()];
}

function shortResult(key: string, { clear, personal }: Row<'results'>): ShortResult | undefined {
  const [h] = firstOf(clear.added);
  const { image, effTs, ts } = (h !== undefined && clear.added[h]) || {};
  if (h === undefined || image === undefined || ts === undefined || !isResultShown(clear)) return undefined;
  const analysis = analysisOf(personal[h]);
  if (analysis === undefined) return undefined;
  return { table: 'results', key, image, addedAt: effTs ?? ts[0], summary: summaryOf({ analysis }) };
}

/** What a result says; undefined where this version of the program cannot read it. */
export function analysisOf(personal: unknown): Analysis | undefined {
  const { analysis } = (personal ?? {}) as { readonly analysis?: unknown };
  return Analysis.safeParse(analysis).data;
}

/** In Dexie or in memory. */
export interface ShortRows {
  /** @throws AppError `storage.*` */
  all(): Promise<readonly ShortRow[]>;
}
