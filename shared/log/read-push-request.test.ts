import { describe, expect, it } from 'vitest';
import { pathsOf, replaced, strangers } from '../../tests/fixtures/changed-values.ts';
import { LogBuilder } from '../../tests/fixtures/log-builder.ts';
import { mostEntries, PushRequest } from './exchange.ts';
import { readPushRequest } from './read-push-request.ts';

async function aPush(): Promise<PushRequest> {
  const log = await LogBuilder.start('push');
  await log.commit();
  log.pull(log.hub);
  log.fact('user.approved', log.id('ada'), { role: 'doctor' }, 'hub', [log.order[0]!.h]);
  await log.commit();
  return {
    protocol: 1,
    epoch: log.epoch,
    entries: log.order.map(({ entry }) => entry),
    heads: log.heads,
    bodies: log.order.flatMap(({ body }) => body ?? []),
    verified: log.checkpoints.at(-1)!,
  };
}

describe('a push', () => {
  it('is read as its schema says, or left to it, whatever stands in it', async () => {
    const push = await aPush();
    expect(readPushRequest(push)).toEqual(push);
    let left = 0;
    for (const path of pathsOf(push)) {
      for (const by of strangers) {
        const changed = replaced(push, path, by);
        const read = readPushRequest(changed);
        const place = `${path.join('.')} = ${JSON.stringify(by)}`;
        if (read === undefined) left++;
        else expect(read, place).toEqual(PushRequest.parse(changed));
      }
    }
    expect(left).toBeGreaterThan(1000);
  });

  it('is left to its schema with strangers in it, or too many entries', async () => {
    const push = await aPush();
    expect(readPushRequest({ ...push, more: 1 })).toBeUndefined();
    expect(readPushRequest({ ...push, entries: [{ ...push.entries[0]!, more: 1 }] })).toBeUndefined();
    const many = Array.from({ length: mostEntries + 1 }, () => push.entries[0]!);
    expect(readPushRequest({ ...push, entries: many })).toBeUndefined();
    expect(readPushRequest(undefined)).toBeUndefined();
  });
});
