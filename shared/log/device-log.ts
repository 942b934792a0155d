import { AppError } from '../kernel/errors.ts';
import { type NewEntry, nextEntries, type Said, signHead } from './chain.ts';
import type { BlobRef, DeviceStore } from './device-store.ts';
import { deviceIdOf } from './entry.ts';
import { mostEntries } from './exchange.ts';
import { mayWrite, type OfflineGrant } from './grant.ts';
import type { LogCrypto, Signer } from './log-crypto.ts';

export interface DeviceLogParts {
  readonly store: DeviceStore;
  readonly signer: Signer;
  readonly crypto: LogCrypto;
  readonly randomBytes: (length: number) => Uint8Array;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly grant: () => Promise<OfflineGrant | null>;
}

/** How often another program may write between our reading and our writing. */
const mostTries = 100;

/**
 * Says something on this device's chain, all of it or nothing; durable when it resolves, sent when the hub is there.
 * @param blobs to be uploaded for it, whose bytes are kept already
 * @throws AppError `sync.grant-expired` where only a reader of films may say it and the leave to do so offline has ended;
 * `log.forked` or `log.chain-broken` until the device is enrolled again; `storage.full`
 * @throws TypeError for what its kind does not allow
 */
export async function append(
  { store, signer, crypto, randomBytes, now, grant }: DeviceLogParts,
  said: readonly Said[],
  blobs: readonly BlobRef[] = [],
): Promise<readonly NewEntry[]> {
  if (said.length === 0 || said.length > mostEntries) {
    throw new TypeError(`from 1 to ${mostEntries} entries are written at once, not ${said.length}`);
  }
  const leave = await grant();
  for (let tries = 0; tries < mostTries; tries++) {
    const { identity, last, clock, verified } = await store.state();
    // A profile that was copied in the middle of an enrolment: nobody would ever take what is signed with the other key.
    if (deviceIdOf(signer.publicKey, crypto) !== identity.device) {
      throw new AppError('log.chain-broken', `this key is not that of ${identity.device}`);
    }
    const time = now();
    const refused = said.find((one) => !mayWrite(leave, { ...one, device: identity.device }, time));
    if (refused !== undefined) throw new AppError('sync.grant-expired', `no leave for ${refused.kind}`);
    const context = { ...identity, verified, now: time, randomBytes, crypto };
    const entries = nextEntries(said, { last, clock }, context);
    const head = await signHead(entries.at(-1)!, signer);
    if ((await store.append({ entries, head, blobs }, last)) === 'written') return entries;
  }
  throw new AppError('log.head-moved', 'another program wrote each time');
}
