import { accountFailures } from './failures/account.ts';
import { blobFailures } from './failures/blob.ts';
import { bundleFailures } from './failures/bundle.ts';
import { deviceFailures } from './failures/device.ts';
import type { Failure } from './failures/failure.ts';
import { imageFailures } from './failures/image.ts';
import { logFailures } from './failures/log.ts';
import { modelFailures } from './failures/model.ts';
import { requestFailures } from './failures/request.ts';
import { usageFailures } from './failures/usage.ts';
import { vaultFailures } from './failures/vault.ts';

/** The closed catalogue of failures. A code is `area.reason`; `title` is a plain sentence for the person at the keyboard. */
const catalogue = {
  ...accountFailures,
  ...blobFailures,
  ...bundleFailures,
  ...deviceFailures,
  ...imageFailures,
  ...logFailures,
  ...modelFailures,
  ...requestFailures,
  ...usageFailures,
  ...vaultFailures,
} as const satisfies Record<string, Failure>;

export type ErrorCode = keyof typeof catalogue;

export function errorEntry(code: ErrorCode): Failure {
  return catalogue[code];
}

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(catalogue, code);
}

/** The one error class. `message` is for the log and support; the person sees the catalogue's title. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; details?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** Anything thrown, as a sentence: libraries here throw strings, numbers and plain objects too. */
export function describeThrown(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  if (typeof thrown === 'object' && thrown !== null && 'exception' in thrown) return String(thrown.exception);
  return String(thrown);
}
