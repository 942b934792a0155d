import type { Database } from '../../server/store/database.ts';
import type { Fact, HubLog } from '../../server/store/hub-log-api.ts';
import type { Role } from '../../shared/api/endpoint.ts';
import { kindRule } from '../../shared/log/kinds.ts';

export interface FakeHubLog extends HubLog {
  /** What was appended, with its clinic. */
  readonly facts: (Fact & { readonly clinic: string })[];
  /** As the fold of the facts has it, for comparison with the rows. */
  rights(clinic: string): ReadonlyMap<string, Role>;
}

/** Keeps facts in memory and writes what stands beside them, both or neither; a fact that its kind does not allow is refused. */
export function fakeHubLog(database: Database): FakeHubLog {
  const facts: (Fact & { readonly clinic: string })[] = [];
  const rights = (clinic: string): ReadonlyMap<string, Role> => {
    const roles = new Map<string, Role>();
    for (const fact of facts) {
      if (fact.clinic !== clinic) continue;
      if (fact.kind === 'user.approved' || fact.kind === 'user.role-set') {
        roles.set(fact.entity, (fact.body as { role: Role }).role);
      }
      if (fact.kind === 'user.disabled') roles.delete(fact.entity);
    }
    return roles;
  };
  return {
    facts,
    rights,
    async append(clinic, added, alsoWrite = []) {
      for (const { kind, body } of added) {
        const rule = kindRule(kind);
        if (rule === undefined) throw new TypeError(`there is no kind ${kind}`);
        rule.body.parse(body);
      }
      await database.write(alsoWrite);
      facts.push(...added.map((fact) => ({ ...fact, clinic })));
      return [];
    },
    push: () => Promise.reject(new TypeError('this log takes no pushes')),
    pull: () => Promise.reject(new TypeError('this log has no pages')),
    roleOf: async (clinic, userId) => rights(clinic).get(userId),
    async deviceOf(clinic, device) {
      const about = facts.filter((fact) => fact.clinic === clinic && fact.entity === device);
      const people = about.filter(({ kind }) => kind === 'device.enrolled').map(({ actor }) => actor);
      if (people.length === 0) return undefined;
      const revoked = about.some(({ kind }) => kind === 'device.revoked');
      return { role: 'device', revoked, people, forks: [] };
    },
    rootKey: () => 'k'.repeat(43),
    close: () => Promise.resolve(),
  };
}
