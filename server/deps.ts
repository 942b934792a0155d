import type { MiddlewareHandler } from 'hono';
import type { Health } from '../shared/api/health.ts';
import type { InferencePool, ModelStatus } from './inference/pool-api.ts';
import type { RequestLog } from './log.ts';
import type { Member } from './store/hub-log-api.ts';

/** Where the hub stands: requests are only promised an answer while `status` is `ok`. */
export interface Readiness {
  status(): Health['status'];
  /** Empty until they have been checked. */
  models(): readonly ModelStatus[];
}

/** Everything the app is handed; it opens nothing, starts nothing and reads no clock of its own. */
export interface AppDeps {
  readonly pool: InferencePool;
  readonly readiness: Readiness;
  readonly log: RequestLog;
  readonly version: string;
  readonly maxUploadBytes: number;
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
    member?: Member & { readonly sessionId: string };
    /** Set when the answer is a problem. */
    problem?: { readonly code: string; readonly logMessage?: string };
  };
}
