import type { Explanation } from '../../shared/api/explanation.ts';
import type { ReviewState } from '../../shared/log/fold/image-state.ts';
import type { BodyOf } from '../../shared/log/kinds.ts';
import type { Outcome, Patient, Reading } from '../data/reading.ts';

/** Milliseconds since 1970: by the hub, or by the device's own clock while the hub has not placed the entry. */
type Moment = number;

/** What a reader says of one finding. */
export type ReadFinding = Readonly<BodyOf<'review.added'>['findings'][number]>;

/** One signed reading of an image. */
export interface SignedReading {
  /** Names its entry. */
  readonly h: string;
  /** Whether whoever has unlocked the device signed it. */
  readonly mine: boolean;
  readonly actor: string;
  readonly at: Moment;
  /** It settled readings that stood beside each other. */
  readonly adjudicates: boolean;
  /** False when another one has taken its place. */
  readonly stands: boolean;
  /** The hub has it. */
  readonly placed: boolean;
  /** Undefined where its content is not here, or was erased. */
  readonly findings: readonly ReadFinding[] | undefined;
  readonly note?: string;
}

export interface ReadingReviews {
  readonly state: ReviewState['state'];
  /** The newest first. */
  readonly signed: readonly SignedReading[];
}

/** What somebody signs. */
export interface NewReview {
  readonly findings: readonly ReadFinding[];
  readonly note?: string;
  /** It settles readings that stand beside each other. */
  readonly adjudicates: boolean;
}

/** Something that happened to an image. */
export interface HistoryLine {
  readonly h: string;
  readonly kind: 'added' | 'named' | 'read' | 'signed' | 'settled' | 'deleted';
  readonly mine: boolean;
  readonly actor: string;
  /** On this device. */
  readonly here: boolean;
  readonly at: Moment;
  readonly placed: boolean;
}

/**
 * The X-rays of an unlocked device: those that were opened here, and those of the clinic's records. An id is of a reading here, or the
 * identity of a picture. @throws AppError from each: `vault.locked`, `storage.*`
 */
export interface DeskApi {
  /** Newest first. */
  readings(): Promise<readonly Reading[]>;
  reading(id: string): Promise<{ readonly reading: Reading; readonly outcome?: Outcome } | undefined>;
  /** Where it is not here it is fetched from the hub. @throws AppError `network.unreachable`, `blob.*`, `request.not-found` */
  readingFile(id: string): Promise<ArrayBuffer | undefined>;
  /** PNG. */
  readingThumbnail(id: string): Promise<ArrayBuffer | undefined>;
  /** All or nothing. */
  addReadings(batch: readonly { readonly reading: Reading; readonly file: ArrayBuffer }[]): Promise<void>;
  takeReading(except: readonly string[]): Promise<Reading | undefined>;
  /** What has been read becomes a record. */
  finishReading(id: string, outcome: Outcome): Promise<void>;
  keepExplanation(id: string, of: string, explanation: Explanation): Promise<void>;
  keepThumbnail(id: string, png: ArrayBuffer): Promise<void>;
  readAgain(id: string): Promise<void>;
  /** A record is taken out of sight everywhere, and stays in the log. @throws AppError `account.forbidden`, `sync.grant-expired` */
  removeReading(id: string): Promise<void>;
  /** Undefined for what is no record. */
  reviews(id: string): Promise<ReadingReviews | undefined>;
  /** @throws AppError `sync.grant-expired`, `log.*`, `request.not-found` for what is no record */
  signReview(id: string, review: NewReview): Promise<void>;
  /** Takes the place of whatever was written down before, as far as this device knows it. @throws AppError as `signReview` */
  writePatient(id: string, patient: Patient): Promise<void>;
  /** The newest first. */
  history(id: string): Promise<readonly HistoryLine[]>;
  /** Somebody looked at a record, or took it out of the device. */
  noteUse(id: string, use: 'opened' | 'exported'): Promise<void>;
}
