import type { deviceEndpoints } from '../../shared/api/devices.ts';
import type { AppDeps } from '../deps.ts';
import type { HandlersFor } from '../http/handler.ts';

/** `/api/v1/devices…`: a device is enrolled once, online, and can be shut out. */
export function deviceRoutes({ accounts: { devices } }: AppDeps): HandlersFor<typeof deviceEndpoints> {
  return {
    enrol: ({ member, body }) => devices.enrol(member, body),
    async devices({ member, query }) {
      const { items, next } = await devices.list(member, query);
      return { devices: [...items], ...(next !== undefined && { next }) };
    },
    bundleKey: ({ member }) => devices.bundleKey(member),
    revoke: ({ member, params, body }) => devices.revoke(member, params.id, body.reason),
  };
}
