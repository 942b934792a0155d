/** A bug that somebody could write, in one place of the protocol. */
export interface Mutant {
  readonly name: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly from: string;
  readonly to: string;
  /** What goes wrong with it. */
  readonly why: string;
}
