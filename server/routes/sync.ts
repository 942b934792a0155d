import type { syncEndpoints } from '../../shared/api/sync.ts';
import type { AppDeps } from '../deps.ts';
import type { HandlersFor } from '../http/handler.ts';

export function syncRoutes({ hubLog }: AppDeps): HandlersFor<typeof syncEndpoints> {
  return {
    push: ({ member, body }) => hubLog.push(member, body),
    pull: ({ member, body }) => hubLog.pull(member, body),
  };
}
