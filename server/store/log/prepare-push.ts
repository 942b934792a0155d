import { toHex, utf8 } from '../../../shared/kernel/bytes.ts';
import {
  type Body,
  bodyHash,
  type Entry,
  entryText,
  isSoundHead,
  type SignedHead,
} from '../../../shared/log/entry.ts';
import type { PushRequest } from '../../../shared/log/exchange.ts';
import type { LogCrypto } from '../../../shared/log/log-crypto.ts';

/** An entry with its name and the text that it is the hash of. */
export interface NamedEntry {
  readonly h: string;
  readonly entry: Entry;
  readonly text: string;
}

export interface PreparedPush {
  /** Each once, by `n`: parents stand before their children. */
  readonly entries: readonly NamedEntry[];
  /** Those that their devices really signed, by the name that they sign. */
  readonly heads: ReadonlyMap<string, SignedHead>;
  /** Names that only a forged head vouches for. */
  readonly forged: ReadonlySet<string>;
  /** Those that are what their hash says, by it. */
  readonly bodies: ReadonlyMap<string, Body>;
  /** Hashes that came with another body. */
  readonly badBodies: ReadonlySet<string>;
  /** Names of entries that speak of a tree which this hub never had. */
  readonly falseWitnesses: ReadonlySet<string>;
}

export function nameEntry(entry: Entry, crypto: Pick<LogCrypto, 'sha256'>): NamedEntry {
  const text = entryText(entry);
  return { h: toHex(crypto.sha256(utf8(`entry:1\n${text}`))), entry, text };
}

/**
 * All that can be found out about a push without looking at the store: many of them are prepared at once.
 * @param contradicting entries of the request that speak of a tree which this hub never had
 */
export async function preparePush(
  request: PushRequest,
  contradicting: ReadonlySet<Entry>,
  crypto: LogCrypto,
): Promise<PreparedPush> {
  const named = request.entries.map((entry) => nameEntry(entry, crypto));
  const entries = [...new Map(named.map((one) => [one.h, one])).values()].sort(
    (a, b) => a.entry.n - b.entry.n,
  );
  const wanted = new Map(entries.map(({ h, entry }) => [h, entry]));

  const heads = new Map<string, SignedHead>();
  const forged = new Set<string>();
  // Others vouch for nothing that is in this push, so their signatures are not worth checking.
  const relevant = request.heads.filter((head) => {
    const entry = wanted.get(head.h);
    return entry?.device === head.device && entry.n === head.n && entry.clinic === head.clinic;
  });
  const sound = await Promise.all(relevant.map((head) => isSoundHead(head, crypto)));
  for (const [at, head] of relevant.entries()) {
    if (sound[at] === true) heads.set(head.h, head);
    else forged.add(head.h);
  }

  const bodies = new Map<string, Body>();
  const badBodies = new Set<string>();
  for (const body of request.bodies) {
    if (bodyHash(body.salt, body.text, crypto) === body.bodyHash) bodies.set(body.bodyHash, body);
    else badBodies.add(body.bodyHash);
  }
  const falseWitnesses = new Set(entries.flatMap(({ h, entry }) => (contradicting.has(entry) ? [h] : [])));
  return { entries, heads, forged, bodies, badBodies, falseWitnesses };
}
