/** One row of the catalogue of failures; the code is its key. */
export interface Failure {
  /** The HTTP status that stands for it. */
  readonly status: number;
  /** A plain sentence for the person at the keyboard. */
  readonly title: string;
  /** Whether the same may succeed later. */
  readonly retry: boolean;
}
