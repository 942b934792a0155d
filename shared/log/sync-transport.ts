import type { PullAnswer, PullRequest, PushAnswer, PushRequest } from './exchange.ts';

/**
 * The way to the hub. Answers have the shape of their schemas; nothing in them has been believed yet.
 * @throws AppError `network.unreachable` where no whole answer came (the hub may have done what was asked), or the code of the
 * hub's refusal; `details.retryAfterMs` where the hub said when to come again
 */
export interface SyncTransport {
  push(request: PushRequest): Promise<PushAnswer>;
  pull(request: PullRequest): Promise<PullAnswer>;
}
