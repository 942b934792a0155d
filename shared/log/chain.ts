import { toBase64Url, toHex } from '../kernel/bytes.ts';
import { canonicalJson, type Json } from '../kernel/canonical-json.ts';
import type { Checkpoint } from './checkpoint.ts';
import {
  type Body,
  bodyHash,
  Entry,
  entryHash,
  headMessage,
  mostBodyText,
  type SignedHead,
} from './entry.ts';
import { tick, type Timestamp } from './hybrid-clock.ts';
import { kindRule } from './kinds.ts';
import type { LogCrypto, Signer } from './log-crypto.ts';

/** What a person or program says, before it has a place in a chain. */
export interface Said {
  readonly kind: string;
  readonly entity: string;
  /** A user's id, or `hub`. */
  readonly actor: string;
  /** The entries that lay before the writer's eyes. */
  readonly basedOn?: readonly string[];
  readonly body: { readonly [name: string]: Json | undefined } | null;
}

/** Where a chain stands. */
export interface ChainEnd {
  /** Null before the first entry. */
  readonly last: { readonly n: number; readonly h: string } | null;
  readonly clock: Timestamp | null;
}

export interface NewEntry {
  readonly h: string;
  readonly entry: Entry;
  readonly body: Body | null;
}

export interface ChainContext {
  readonly clinic: string;
  readonly device: string;
  /** The checkpoint that this device verified last. */
  readonly verified: Checkpoint | null;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Unguessable bytes. */
  readonly randomBytes: (length: number) => Uint8Array;
  readonly crypto: Pick<LogCrypto, 'sha256'>;
}

/**
 * The next entries of a chain, in the order of `said`.
 * @throws TypeError for what its kind's schema does not allow: that is a mistake of the program
 */
export function nextEntries(said: readonly Said[], end: ChainEnd, context: ChainContext): NewEntry[] {
  const made: NewEntry[] = [];
  let { last, clock } = end;
  for (const one of said) {
    const next = nextEntry(one, { last, clock }, context);
    made.push(next);
    last = { n: next.entry.n, h: next.h };
    clock = next.entry.ts;
  }
  return made;
}

function nextEntry(said: Said, { last, clock }: ChainEnd, context: ChainContext): NewEntry {
  const { clinic, device, verified, now, randomBytes, crypto } = context;
  const body = said.body === null ? null : newBody(said, randomBytes(16), crypto);
  const entry = Entry.safeParse({
    v: 1,
    clinic,
    device,
    n: (last?.n ?? 0) + 1,
    prev: last?.h ?? null,
    kind: said.kind,
    entity: said.entity,
    actor: said.actor,
    ts: tick(clock, now),
    basedOn: said.basedOn ?? [],
    bodyHash: body?.bodyHash ?? null,
    seen: verified === null ? null : { epoch: verified.epoch, size: verified.size, root: verified.root },
  });
  if (!entry.success) throw new TypeError(`not an entry: ${entry.error.message}`);
  return { h: entryHash(entry.data, crypto), entry: entry.data, body };
}

function newBody(said: Said, salt: Uint8Array, crypto: Pick<LogCrypto, 'sha256'>): Body {
  const parsed = kindRule(said.kind)?.body.safeParse(said.body);
  if (parsed?.success === false) throw new TypeError(`not a ${said.kind}: ${parsed.error.message}`);
  const text = canonicalJson(said.body);
  if (text.length > (kindRule(said.kind)?.mostText ?? mostBodyText))
    throw new TypeError(`${said.kind} says more than its kind allows`);
  const hex = toHex(salt);
  return { bodyHash: bodyHash(hex, text, crypto), salt: hex, text };
}

/** The device's word that its chain runs up to this entry. */
export async function signHead(entry: NewEntry, signer: Signer): Promise<SignedHead> {
  const { clinic, device, n } = entry.entry;
  const head = { clinic, device, n, h: entry.h };
  const sig = toBase64Url(await signer.sign(headMessage(head)));
  return { ...head, key: toBase64Url(signer.publicKey), sig };
}
