import type { PullAnswer, PullRequest, PushAnswer, PushRequest } from '../../shared/log/exchange.ts';
import type { Role } from '../../shared/api/endpoint.ts';
import type { Placement } from '../../shared/log/checkpoint.ts';
import type { DeviceRow } from '../../shared/log/fold/tables.ts';
import type { Json } from '../../shared/kernel/canonical-json.ts';
import type { Statement } from './database.ts';

/** What the hub itself writes into a clinic's log, in somebody's name. */
export interface Fact {
  readonly kind: string;
  readonly entity: string;
  /** A user's id; `hub` where no person acted. */
  readonly actor: string;
  readonly basedOn?: readonly string[];
  /** Checked against the kind's schema: a fact that does not fit is a programmer's mistake. */
  readonly body: { readonly [name: string]: Json | undefined } | null;
}

/** Who asks, as far as the log is concerned. */
export interface Member {
  readonly clinic: string;
  readonly userId: string;
  readonly role: Role;
  /** The enrolled device that the session is bound to. */
  readonly device?: string;
}

export interface HubLog {
  /**
   * Appends facts on this process's own chain. They and `alsoWrite` are one transaction: a row beside the log never says
   * what the log does not.
   */
  append(
    clinic: string,
    facts: readonly Fact[],
    alsoWrite?: readonly Statement[],
  ): Promise<readonly Placement[]>;
  /** @throws AppError `sync.*` when nothing of the push can be looked at */
  push(member: Member, request: PushRequest): Promise<PushAnswer>;
  /** Notices that this hub was restored from a copy (the client's checkpoint is ahead of or beside the tree), and draws a new epoch. */
  pull(member: Member, request: PullRequest): Promise<PullAnswer>;
  /** The rights in force: undefined for somebody who has none. Changed with each commit. */
  roleOf(clinic: string, userId: string): Promise<Role | undefined>;
  /** What the rights in force say of a device; undefined for one that was never enrolled in this clinic. */
  deviceOf(clinic: string, device: string): Promise<DeviceRow | undefined>;
  /** The base64url public key with which the clinic's checkpoints and receipts are signed. */
  rootKey(): string;
  /** Writes down what was counted so far, and waits for what is under way. The database stays open. */
  close(): Promise<void>;
}
