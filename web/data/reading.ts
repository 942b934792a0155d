import type { Analysis } from '../../shared/api/analysis.ts';
import type { ImageOrigin } from '../../shared/imaging/header/image-origin.ts';
import type { ReviewState } from '../../shared/log/fold/image-state.ts';
import type { FindingSummary, ProblemText } from '../engine/engine-state.ts';

/**
 * `waiting` → `reading` → `read` | `refused` | `failed`. A page that dies while it reads leaves `reading` behind; whoever
 * has the queue next takes it like one that is `waiting`.
 */
export type ReadingState = 'waiting' | 'reading' | 'read' | 'refused' | 'failed';

/** A line of the list. Everything large lies in tables of its own. */
export interface Reading {
  readonly id: string;
  readonly fileName: string;
  readonly bytes: number;
  /** Milliseconds since the epoch by this device's clock. */
  readonly addedAt: number;
  readonly state: ReadingState;
  /** How often reading it has been begun; a file that kills its reader is not tried for ever. */
  readonly attempts: number;
  readonly synthetic: boolean;
  readonly findings: readonly FindingSummary[];
  /** Why it was refused or failed, in one sentence. */
  readonly problem?: string;
  /** What the clinic's records say of it; absent where it is none of them. */
  readonly record?: RecordSummary;
}

export type Patient = NonNullable<ImageOrigin['patient']>;

export interface RecordSummary {
  /** Several where people who did not see each other wrote down different ones. */
  readonly patients: readonly Patient[];
  readonly review: ReviewState['state'];
  /** It was read on another device. */
  readonly elsewhere: boolean;
}

/** What came of an image: the analysis (of a refused image, too), or why there is none. */
export type Outcome =
  | { readonly analysis: Analysis; readonly problem?: undefined }
  | { readonly analysis?: undefined; readonly problem: ProblemText };
