/** A rule of the log did not hold. */
export class ViolationError extends Error {
  override readonly name = 'ViolationError';
  readonly invariant: string;

  constructor(invariant: string, message: string) {
    super(message);
    this.invariant = invariant;
  }
}
