import type { LogCrypto, RunningHash, Signer } from '../../../shared/log/log-crypto.ts';
import type { Sealer } from '../../keys/sealer-api.ts';
import type { Database } from '../database.ts';

/** What every part of the hub's log is handed. */
export interface LogParts {
  readonly database: Database;
  readonly sealer: Sealer;
  readonly crypto: LogCrypto;
  readonly rootKey: Signer;
  readonly signerOf: (seed: Uint8Array) => Signer;
  readonly startSha256: () => RunningHash;
  readonly randomBytes: (length: number) => Uint8Array;
  /** Milliseconds since 1970. */
  readonly wallClock: () => number;
  /** Name and version, for exports. */
  readonly program: string;
}
