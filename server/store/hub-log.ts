import { toBase64Url, fromBase64Url, toHex } from '../../shared/kernel/bytes.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import {
  type Checkpoint,
  checkpointMessage,
  receiptMessage,
  type Receipt,
} from '../../shared/log/checkpoint.ts';
import type { Entry } from '../../shared/log/entry.ts';
import { syncProtocol } from '../../shared/log/exchange.ts';
import { planConsistency } from '../../shared/log/merkle-proofs.ts';
import type { AuditLog } from './audit-log-api.ts';
import type { HubLog, Member } from './hub-log-api.ts';
import { createAuditLog } from './log/audit-log.ts';
import { endWithin } from './log/bounded-bodies.ts';
import { createWitnessCheck } from './log/check-witness.ts';
import { type ClinicWriter, createClinicWriter, type Written } from './log/clinic-writer.ts';
import { readClear } from './log/folded-rows.ts';
import { createGroupFacts } from './log/group-facts.ts';
import { checkFacts } from './log/hub-chain.ts';
import type { LogParts } from './log/log-parts.ts';
import { preparePush } from './log/prepare-push.ts';
import { readPage } from './log/pull-page.ts';
import { rebuildTables } from './log/rebuild-tables.ts';
import { createSyncCounts } from './log/sync-counts.ts';
import { proveFrom } from './log/tree-nodes.ts';
import { knowsCheckpoint, knowsEpoch, readTree, type TreeState } from './log/tree-state.ts';

const dayMs = 24 * 3_600_000;

export interface WholeHubLog extends HubLog {
  readonly audit: AuditLog;
  /** Makes the clinic's folded tables again from what the log holds. */
  rebuildTables(clinic: string): Promise<void>;
}

/** The hub's side of the log, on any database. */
export function createHubLog(parts: LogParts): WholeHubLog {
  const { database, crypto, rootKey, randomBytes, wallClock } = parts;
  const writers = new Map<string, ClinicWriter>();
  const numbers = new Map<string, number>();
  const counts = createSyncCounts();
  /** Epochs that were lost in a restore and have been answered with a new one: the next client of theirs finds it drawn. */
  const answered = new Set<string>();
  const witnesses = createWitnessCheck(database);
  /** When a device was last believed, without proof, that this hub had been restored; by clinic. */
  const believed = new Map<string, number>();

  function writerOf(clinic: string): ClinicWriter {
    const known = writers.get(clinic);
    if (known !== undefined) return known;
    const factsOf = createGroupFacts();
    const writer = createClinicWriter(clinic, factsOf, parts);
    writers.set(clinic, writer);
    return writer;
  }

  async function treeOf(clinic: string): Promise<TreeState> {
    const state = writers.get(clinic)?.stored() ?? (await readTree(database, clinic));
    if (state !== undefined) return state;
    await writerOf(clinic).run({ type: 'append', facts: [], alsoWrite: [] });
    return (await readTree(database, clinic))!;
  }

  /** A clinic keeps its number for ever, so it is looked up once. */
  async function treeNumber(clinic: string): Promise<number | undefined> {
    const known = numbers.get(clinic);
    if (known !== undefined) return known;
    const found = (await readTree(database, clinic))?.tree;
    if (found !== undefined) numbers.set(clinic, found);
    return found;
  }

  /** Writes down what was counted in the hours before; what cannot be written now is tried again later. */
  async function writeCounts(clinic: string, before: number): Promise<void> {
    const { facts, giveBack } = counts.take(clinic, before);
    if (facts.length === 0) return;
    try {
      await writerOf(clinic).run({ type: 'append', facts, alsoWrite: [] });
    } catch (error) {
      giveBack();
      throw error;
    }
  }

  /** Whoever syncs has what it came for, whether or not the count of it can be written down now. */
  async function count(member: Member, what: Readonly<Record<string, number>>): Promise<void> {
    const now = wallClock();
    counts.add(member, what, now);
    await writeCounts(member.clinic, now).catch(() => undefined);
  }

  async function mustBeEnrolled({ clinic, device }: Member): Promise<void> {
    if (device === undefined) throw new AppError('sync.unknown-device', 'this session has no device');
    const state = await log.deviceOf(clinic, device);
    if (state === undefined) throw new AppError('sync.unknown-device', 'this device is not enrolled');
    if (state.revoked) throw new AppError('sync.revoked-device', 'this device was revoked');
  }

  function mustKnowProtocol(protocol: number): void {
    if (protocol < syncProtocol) {
      throw new AppError('sync.client-too-old', `protocol ${protocol}, the hub speaks ${syncProtocol}`);
    }
  }

  async function receiptOf({ checkpoint, placements }: Written): Promise<Receipt> {
    const unsigned = { checkpoint, placements: [...placements] };
    return { ...unsigned, sig: toBase64Url(await rootKey.sign(receiptMessage(unsigned))) };
  }

  /**
   * Whether the tree goes on from what a client has verified. A checkpoint that this hub never signed says nothing. Each that
   * it signed was stored before anybody saw it: one that it does not remember says that it was restored from an earlier copy.
   */
  async function extendsVerified(state: TreeState, verified: Checkpoint): Promise<boolean> {
    if (verified.sig === state.checkpoint.sig) return true;
    const signature = fromBase64Url(verified.sig);
    const isOwn =
      verified.clinic === state.checkpoint.clinic &&
      (await crypto.verify(rootKey.publicKey, signature, checkpointMessage(verified)));
    if (!isOwn) return true;
    if (verified.epoch !== state.checkpoint.epoch) {
      return answered.has(verified.epoch) || knowsEpoch(database, state.tree, verified.epoch);
    }
    return knowsCheckpoint(database, state.tree, verified);
  }

  async function beginEpoch({ checkpoint }: TreeState, seen: number, detail?: string): Promise<TreeState> {
    const { clinic, epoch, size } = checkpoint;
    const body = { counts: { had: size, seen }, detail };
    const fact = { kind: 'audit.rolled-back', entity: clinic, actor: 'hub', body };
    const newEpoch = { from: epoch, to: toHex(randomBytes(16)) };
    await writerOf(clinic).run({ type: 'append', facts: [fact], alsoWrite: [], newEpoch });
    return treeOf(clinic);
  }

  /** The tree as it is; under a new epoch when the client has seen more than this hub, restored from a copy, remembers. */
  async function treeBeyond(clinic: string, verified: Checkpoint | null): Promise<TreeState> {
    const state = await treeOf(clinic);
    if (verified === null || (await extendsVerified(state, verified))) return state;
    const next = await beginEpoch(state, verified.size);
    answered.add(verified.epoch);
    return next;
  }

  /**
   * Entries that speak of a tree which this hub never had, though their device shows no checkpoint that proves it. Their
   * device lies, or it lost the proof when the hub was restored twice: that much is believed once a day, and then nothing
   * contradicts, because they speak of an epoch that is over.
   */
  async function falseWitnesses(
    state: TreeState,
    entries: readonly Entry[],
    { device }: Member,
  ): Promise<ReadonlySet<Entry>> {
    const wrong = await witnesses.contradicting(state, entries);
    if (wrong.size === 0) return wrong;
    const { clinic } = state.checkpoint;
    const now = wallClock();
    const last = believed.get(clinic);
    if (last !== undefined && Math.abs(now - last) < dayMs) return wrong;
    believed.set(clinic, now);
    const seen = Math.max(...[...wrong].map((entry) => entry.seen?.size ?? 0));
    const next = await beginEpoch(state, seen, `by the word of device ${device}`);
    return witnesses.contradicting(next, entries);
  }

  const log: WholeHubLog = {
    audit: createAuditLog(parts, treeOf, writerOf),
    async append(clinic, facts, alsoWrite = []) {
      checkFacts(facts);
      const { placements } = await writerOf(clinic).run({ type: 'append', facts, alsoWrite });
      return placements;
    },
    async push(member, request) {
      mustKnowProtocol(request.protocol);
      await mustBeEnrolled(member);
      const state = await treeBeyond(member.clinic, request.verified ?? null);
      const wrong = await falseWitnesses(state, request.entries, member);
      const push = await preparePush(request, wrong, crypto);
      const written = await writerOf(member.clinic).run({ type: 'push', push });
      const { answer, checkpoint } = written;
      await count(member, { pushes: 1, pushed: answer.stored.length, refused: answer.rejected.length });
      return {
        epoch: checkpoint.epoch,
        ...answer,
        ...(answer.stored.length > 0 && { receipt: await receiptOf(written) }),
      };
    },
    async pull(member, { protocol, epoch, cursor, limit, bodies, verified }) {
      mustKnowProtocol(protocol);
      await mustBeEnrolled(member);
      const { tree, checkpoint } = await treeBeyond(member.clinic, verified);
      if (epoch !== checkpoint.epoch) {
        const nothing = { entries: [], heads: [], bodies: [], proof: [] };
        return { ...nothing, epoch: checkpoint.epoch, next: 0, end: checkpoint.size === 0, checkpoint };
      }
      const from = Math.min(cursor, checkpoint.size);
      const most = Math.min(from + limit, checkpoint.size);
      const to = bodies ? await endWithin(database, tree, from, most) : most;
      const page = await readPage(member.clinic, { tree, from, to, bodies, role: member.role }, parts);
      // One that this hub never signed may be larger than the tree.
      const isOfTree =
        verified !== null && verified.epoch === checkpoint.epoch && verified.size <= checkpoint.size;
      const plan = isOfTree ? planConsistency(verified.size, checkpoint.size) : [];
      const proof = await proveFrom(database, tree, plan, crypto);
      await count(member, { pulls: 1, pulled: page.entries.length, bodies: page.bodies.length });
      return {
        epoch: checkpoint.epoch,
        entries: [...page.entries],
        heads: [...page.heads],
        bodies: [...page.bodies],
        ...(page.lacking.length > 0 && { lacking: [...page.lacking] }),
        next: to,
        end: to === checkpoint.size,
        checkpoint,
        proof,
      };
    },
    async roleOf(clinic, userId) {
      const tree = await treeNumber(clinic);
      if (tree === undefined) return undefined;
      return (await readClear(database, tree, 'users', userId))?.role ?? undefined;
    },
    async deviceOf(clinic, device) {
      const tree = await treeNumber(clinic);
      return tree === undefined ? undefined : readClear(database, tree, 'devices', device);
    },
    rebuildTables: (clinic) =>
      writerOf(clinic).hold(async () => {
        // Not `treeOf`, which would begin a log behind this task and wait for itself.
        const state = await readTree(database, clinic);
        if (state !== undefined) await rebuildTables(state, parts);
      }),
    rootKey: () => toBase64Url(rootKey.publicKey),
    async close() {
      for (const clinic of counts.clinics()) await writeCounts(clinic, Number.POSITIVE_INFINITY);
      for (const writer of writers.values()) await writer.idle();
    },
  };
  return log;
}
