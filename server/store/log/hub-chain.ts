import { toBase64Url, toHex } from '../../../shared/kernel/bytes.ts';
import { canonicalJson } from '../../../shared/kernel/canonical-json.ts';
import type { Checkpoint } from '../../../shared/log/checkpoint.ts';
import { bodyHash, deviceIdOf, headMessage, type SignedHead } from '../../../shared/log/entry.ts';
import { voucherMessage } from '../../../shared/log/fold/vouch.ts';
import { kindRule } from '../../../shared/log/kinds.ts';
import type { Signer } from '../../../shared/log/log-crypto.ts';
import type { Fact } from '../hub-log-api.ts';
import type { TakenEntry } from './check-push.ts';
import type { LogParts } from './log-parts.ts';
import { nameEntry } from './prepare-push.ts';

/**
 * This process's own chain in one clinic. Its key lives in memory only and a restarted or restored hub begins another, so
 * no two entries of the hub ever have the same parent. A value: it has moved on only when the entries are stored.
 */
export interface HubChain {
  readonly clinic: string;
  readonly device: string;
  readonly signer: Signer;
  readonly n: number;
  /** Null before the first entry, with which the chain enrols itself. */
  readonly prev: string | null;
  readonly clock: readonly [number, number];
}

export function newHubChain(clinic: string, { randomBytes, signerOf, crypto }: LogParts): HubChain {
  const signer = signerOf(randomBytes(32));
  const device = deviceIdOf(signer.publicKey, crypto);
  return { clinic, device, signer, n: 0, prev: null, clock: [0, 0] };
}

async function enrolment({ clinic, device, signer }: HubChain, rootKey: Signer): Promise<Fact> {
  const voucher = toBase64Url(await rootKey.sign(voucherMessage(clinic, device)));
  const key = toBase64Url(signer.publicKey);
  return {
    kind: 'device.enrolled',
    entity: device,
    actor: 'hub',
    body: { key, name: 'hub', role: 'hub', voucher },
  };
}

/** @throws TypeError for what the kind does not allow: the hub's own mistake */
function bodyText({ kind, body }: Fact): string | null {
  const rule = kindRule(kind);
  if (rule === undefined) throw new TypeError(`the hub writes no ${kind}`);
  if (body === null) {
    if (rule.writer === 'hub') throw new TypeError(`${kind} needs a body`);
    return null;
  }
  const parsed = rule.body.safeParse(body);
  if (!parsed.success) throw new TypeError(`the body does not fit ${kind}: ${parsed.error.message}`);
  return canonicalJson(body);
}

/** @throws TypeError for facts that are none */
export function checkFacts(facts: readonly Fact[]): void {
  for (const fact of facts) bodyText(fact);
}

export interface Appended {
  readonly chain: HubChain;
  /** The enrolment of a new chain first, then one for each fact; covered by a head over the last. */
  readonly entries: readonly TakenEntry[];
}

/** Makes entries of facts; nothing is stored. */
export async function appendFacts(
  chain: HubChain,
  facts: readonly Fact[],
  { now, seen }: { readonly now: number; readonly seen: Checkpoint },
  { crypto, randomBytes, rootKey }: LogParts,
): Promise<Appended> {
  const { clinic, device, signer } = chain;
  const all = chain.prev === null ? [await enrolment(chain, rootKey), ...facts] : facts;
  let { n, prev, clock } = chain;
  const entries = all.map((fact) => {
    clock = now > clock[0] ? [now, 0] : [clock[0], clock[1] + 1];
    const text = bodyText(fact);
    const salt = toHex(randomBytes(16));
    const body = text === null ? null : { bodyHash: bodyHash(salt, text, crypto), salt, text };
    const named = nameEntry(
      {
        v: 1,
        clinic,
        device,
        n: n + 1,
        prev,
        kind: fact.kind,
        entity: fact.entity,
        actor: fact.actor,
        ts: [clock[0], clock[1]],
        basedOn: [...(fact.basedOn ?? [])],
        bodyHash: body?.bodyHash ?? null,
        seen: { epoch: seen.epoch, size: seen.size, root: seen.root },
      },
      crypto,
    );
    n++;
    prev = named.h;
    return { ...named, body };
  });
  const last = entries.at(-1)!;
  const unsigned = { clinic, device, n, h: last.h };
  const head: SignedHead = {
    ...unsigned,
    key: toBase64Url(signer.publicKey),
    sig: toBase64Url(await signer.sign(headMessage(unsigned))),
  };
  return {
    chain: { ...chain, n, prev, clock },
    entries: entries.map((named) => ({
      ...named,
      coveredBy: last.h,
      head: named === last ? head : null,
    })),
  };
}
