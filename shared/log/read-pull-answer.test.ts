import { describe, expect, it } from 'vitest';
import { LogBuilder } from '../../tests/fixtures/log-builder.ts';
import { pathsOf, replaced, strangers } from '../../tests/fixtures/changed-values.ts';
import { PullAnswer } from './exchange.ts';
import { isQuickBody, isQuickEntry, isQuickHead, isQuickPlacement } from './quick-shapes.ts';
import { readPullAnswer } from './read-pull-answer.ts';

async function anAnswer(): Promise<PullAnswer> {
  const log = await LogBuilder.start('pull');
  await log.commit();
  log.pull(log.hub);
  log.fact('user.approved', log.id('ada'), { role: 'doctor' }, 'hub', [log.order[0]!.h]);
  await log.commit();
  const entries = log.order.map(({ entry, place }) => ({ entry, place }));
  return {
    epoch: log.epoch,
    entries,
    heads: log.heads,
    bodies: log.order.flatMap(({ body }) => body ?? []),
    lacking: [],
    next: entries.length,
    end: true,
    checkpoint: log.checkpoints.at(-1)!,
    proof: [],
  };
}

describe('a reply to a pull', () => {
  it('is read as its schema says, whatever stands in it', async () => {
    const answer = await anAnswer();
    const [{ entry, place }] = answer.entries as [PullAnswer['entries'][number]];
    expect(isQuickEntry(entry) && isQuickPlacement(place)).toBe(true);
    expect(answer.heads.length > 0 && answer.heads.every(isQuickHead)).toBe(true);
    expect(answer.bodies.length > 0 && answer.bodies.every(isQuickBody)).toBe(true);
    expect(readPullAnswer(answer)).toEqual(answer);
    let refused = 0;
    for (const path of pathsOf(answer)) {
      for (const by of strangers) {
        const changed = replaced(answer, path, by);
        const { data } = PullAnswer.safeParse(changed);
        expect(readPullAnswer(changed), `${path.join('.')} = ${JSON.stringify(by)}`).toEqual(data);
        if (data === undefined) refused++;
      }
    }
    expect(refused).toBeGreaterThan(1000);
  });

  it('loses what a later hub says besides, and is none with a stranger in an entry', async () => {
    const answer = await anAnswer();
    const [first] = answer.entries;
    expect(readPullAnswer({ ...answer, more: 1 })).toEqual(answer);
    const withMore = { ...answer, entries: [{ ...first, more: 1 }, ...answer.entries.slice(1)] };
    expect(readPullAnswer(withMore)).toEqual(answer);
    const stranger = { ...first, entry: { ...first!.entry, more: 1 } };
    expect(readPullAnswer({ ...answer, entries: [stranger] })).toBeUndefined();
    expect(readPullAnswer({ ...answer, entries: [{ ...first, place: { ...first!.place, more: 1 } }] })).toBe(
      undefined,
    );
  });
});
