import type { Context, MiddlewareHandler } from 'hono';
import type { Health } from '../shared/api/health.ts';
import type { Accounts } from './auth/accounts-api.ts';
import type { BlobStore } from './blobs/blob-store-api.ts';
import type { InferencePool, ModelStatus } from './inference/pool-api.ts';
import type { RequestLog } from './log.ts';
import type { AuditLog } from './store/audit-log-api.ts';
import type { HubLog, Member } from './store/hub-log-api.ts';

/** Where the hub stands: requests are only promised an answer while `status` is `ok`. */
export interface Readiness {
  status(): Health['status'];
  /** Empty until they have been checked. */
  models(): readonly ModelStatus[];
}

/** Somebody whose access token was good a moment ago, with the rights of that moment. */
export interface SignedIn extends Member {
  readonly sessionId: string;
}

/** Everything the app is handed; it opens nothing, starts nothing and reads no clock of its own. */
export interface AppDeps {
  readonly pool: InferencePool;
  readonly readiness: Readiness;
  readonly log: RequestLog;
  readonly version: string;
  readonly maxUploadBytes: number;
  readonly accounts: Accounts;
  /** Undefined for a token that does not count, whatever the reason. */
  readonly authenticate: (accessToken: string) => Promise<SignedIn | undefined>;
  /** Somebody who is signed in asked for what the own role may not do. */
  readonly denied: (refusal: { readonly member: SignedIn; readonly endpoint: string }) => void;
  readonly hubLog: HubLog;
  readonly auditLog: AuditLog;
  readonly blobs: BlobStore;
  /** The client's address as far as it can be believed; undefined where the platform does not tell. */
  readonly clientAddress: (c: Context<AppEnv>) => string | undefined;
  /** Besides those of this machine; without port, an IPv6 address without brackets. */
  readonly hostNames: readonly string[];
  /** Where browsers find the hub, if it is not the address that it listens on. */
  readonly publicOrigin?: string;
  /** Whether browsers reach the hub over TLS; without it, a cookie's name must not promise so. */
  readonly overTls: boolean;
  /** A new name for a request; it is shown to people and must say nothing about them. */
  readonly newRequestId: () => string;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  readonly wallClock: () => Date;
  /** Serves the built page; without it the hub is an API only. */
  readonly page?: MiddlewareHandler;
}

/** What middleware leaves on Hono's context for those that come after it. */
export interface AppEnv {
  readonly Variables: {
    requestId: string;
    /** Who asks; set for every endpoint whose `access` is not `anyone`. */
    member?: SignedIn;
    /** Set when the answer is a problem. */
    problem?: { readonly code: string; readonly logMessage?: string };
  };
}
