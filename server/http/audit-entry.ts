import type { Context } from 'hono';
import type { Endpoint } from '../../shared/api/endpoint.ts';
import type { AppDeps, AppEnv } from '../deps.ts';

/**
 * Writes the entry that the row promises about a request that was answered, before the answer leaves. What it was about is
 * the parameter of the address, or else the endpoint.
 */
export function auditEntry(
  { name, audit }: Endpoint,
  { hubLog, wallClock }: AppDeps,
): (c: Context<AppEnv>) => Promise<void> {
  if (typeof audit === 'string') return async () => undefined;
  return async (c) => {
    const member = c.get('member');
    if (member === undefined) throw new TypeError(`${name} is audited and must not be for anyone`);
    const [entity = name] = Object.values(c.req.param());
    await hubLog.append(member.clinic, [
      { kind: audit.entry, entity, actor: member.userId, body: { at: wallClock().getTime() } },
    ]);
  };
}
