import { describeThrown } from '../../kernel/errors.ts';

/** Libraries here throw C++ pointers, strings and plain objects; a cause should have a message. */
export function thrownAsError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(describeThrown(thrown));
}
