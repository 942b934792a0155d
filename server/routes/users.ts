import type { userEndpoints } from '../../shared/api/users.ts';
import type { AppDeps } from '../deps.ts';
import type { HandlersFor } from '../http/handler.ts';

/** `/api/v1/users…`: an administrator looks after the accounts of the own clinic. */
export function userRoutes({ accounts: { users } }: AppDeps): HandlersFor<typeof userEndpoints> {
  return {
    async users({ member, query }) {
      const { items, next } = await users.list(member.clinic, query);
      return { users: [...items], ...(next !== undefined && { next }) };
    },
    addUser: ({ member, body }) => users.add(member, body),
    approveUser: ({ member, params, body }) => users.approve(member, params.id, body.role),
    setRole: ({ member, params, body }) => users.setRole(member, params.id, body.role),
    disableUser: ({ member, params, body }) => users.disable(member, params.id, body.reason),
    enableUser: ({ member, params }) => users.enable(member, params.id),
  };
}
