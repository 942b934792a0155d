import type { SyncTransport } from '../log/sync-transport.ts';
import type { Call } from './call-endpoint.ts';
import { pullEndpoint, pushEndpoint } from './sync.ts';

/** The sync engine's way to the hub over the API. */
export function syncCalls(call: Call): SyncTransport {
  return {
    push: (body) => call(pushEndpoint, { body }),
    pull: (body) => call(pullEndpoint, { body }),
  };
}
