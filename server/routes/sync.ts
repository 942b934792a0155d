import type { syncEndpoints } from '../../shared/api/sync.ts';
import type { AppDeps } from '../deps.ts';
import type { HandlersFor } from '../http/handler.ts';

/** `/api/v1/sync/…`: records go up and come down. */
export function syncRoutes({ hubLog }: Pick<AppDeps, 'hubLog'>): HandlersFor<typeof syncEndpoints> {
  return {
    push: ({ member, body }) => hubLog.push(member, body),
    pull: ({ member, body }) => hubLog.pull(member, body),
  };
}
