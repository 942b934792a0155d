import { roles } from '../../../shared/api/endpoint.ts';
import type { Role } from '../../../shared/api/endpoint.ts';
import { User } from '../../../shared/api/users.ts';
import { type AskHub, mustAnswer } from '../load/ask-hub.ts';
import type { SignedInDevice } from '../load/signed-in-device.ts';
import type { Observer } from './observer.ts';

/**
 * An administrator who gives somebody one role after the other: each time a row beside the log and a fact in the log, which
 * must be both there or both not.
 */
export interface RoleChanger {
  work(ask: AskHub): Promise<void>;
  /** @returns what is wrong, after the observer has pulled */
  check(ask: AskHub, observer: Observer): Promise<string[]>;
}

export function createRoleChanger(admin: SignedInDevice, somebody: string): RoleChanger {
  let acknowledged: Role | undefined;
  let asked: Role | undefined;
  let turn = 0;
  return {
    async work(ask) {
      for (;;) {
        asked = roles[turn++ % roles.length]!;
        try {
          await mustAnswer(ask('PUT', `/users/${somebody}/role`, { role: asked }, admin.accessToken()));
        } catch (error) {
          if (error instanceof TypeError) return;
          throw error;
        }
        acknowledged = asked;
      }
    },
    async check(ask, { entries, bodies }) {
      const page = (await mustAnswer(ask('GET', '/users', undefined, admin.accessToken()))) as {
        users: unknown[];
      };
      const row = page.users.map((user) => User.parse(user)).find(({ id }) => id === somebody)?.role;
      const fact = entries.findLast(
        ({ entry }) => entry.entity === somebody && /^user\.(approved|role-set)$/.test(entry.kind),
      );
      const text = bodies.get(fact?.entry.bodyHash ?? '');
      const told = text === undefined ? undefined : (JSON.parse(text) as { role: Role }).role;
      const problems = row === told ? [] : [`the account's row says ${row}, the log ${told}`];
      if (acknowledged !== undefined && row !== acknowledged && row !== asked) {
        problems.push(`${acknowledged} was acknowledged, ${asked} asked for, ${row} is there`);
      }
      acknowledged = row;
      return problems;
    },
  };
}
