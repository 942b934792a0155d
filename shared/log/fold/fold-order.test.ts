import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kindRule } from '../kinds.ts';
import {
  ann,
  ben,
  clinicSteps,
  foldStore,
  image,
  laptop,
  nurse,
  review,
  type Said,
  stepWriter,
  tablet,
} from '../../../tests/fixtures/fold-steps.ts';
import type { FoldStep } from './fold-step.ts';
import { type Reviews, standingReviews } from './review-graph.ts';

const seed = 20261123;
const films = ['a'.repeat(64), 'b'.repeat(64)];
const people = [ann, ben, nurse, '00000000-0000-4000-8000-00000000000d'];

interface Move {
  readonly what: number;
  readonly who: number;
  readonly where: number;
  readonly film: number;
  readonly base: number;
}

const anyMove = fc.record<Move>({
  what: fc.nat(11),
  who: fc.nat(3),
  where: fc.nat(3),
  film: fc.nat(1),
  base: fc.nat(),
});

/** A history in the hub's order: some of it allowed, some not, rights changing on the way. */
function history(moves: readonly Move[]): FoldStep[] {
  const write = stepWriter();
  const steps = clinicSteps(write);
  for (const { what, who, where, film, base } of moves) {
    const entity = films[film]!;
    const actor = people[who]!;
    const device = [tablet, tablet, laptop, '9'.repeat(32)][where]!;
    const about = steps.filter((step) => step.entry.entity === entity);
    const basedOn = about.filter((_, index) => (base >> (index % 16)) % 2 === 1).slice(-4);
    const some = steps[base % steps.length]!;
    const said: Said[] = [
      { kind: 'image.added', entity, actor, device, body: image() },
      { kind: 'review.added', entity, actor, device, basedOn, body: review('yes', 'a note') },
      { kind: 'review.added', entity, actor, device, basedOn, body: review('no') },
      { kind: 'review.adjudicated', entity, actor, device, basedOn, body: review('no') },
      { kind: 'entity.tombstoned', entity, actor, device, basedOn, body: { reason: 'r' } },
      { kind: 'preference.set', entity: 'zoom', actor, device, body: { value: base } },
      { kind: 'user.role-set', entity: actor, body: { role: base % 2 === 0 ? 'user' : 'doctor' } },
      { kind: 'user.disabled', entity: actor, body: {} },
      { kind: 'device.revoked', entity: device, body: {} },
      { kind: 'entry.released', entity: some.h, body: { reason: 'r' } },
      { kind: 'entry.quarantined', entity: some.h, body: { reason: 'r' } },
      { kind: 'body.erased', entity: some.entry.bodyHash!, basedOn: [some], body: { reason: 'r' } },
    ];
    steps.push(write(said[what]!));
  }
  return steps;
}

const isOfHub = ({ entry }: FoldStep): boolean => kindRule(entry.kind)?.writer === 'hub';

async function atOnce(steps: readonly FoldStep[]): Promise<ReturnType<typeof foldStore>> {
  const store = foldStore();
  await store.fold(steps);
  return store;
}

const check = (property: fc.IAsyncProperty<never>, numRuns = 150): Promise<void> =>
  fc.assert(property as fc.IAsyncProperty<unknown>, { seed, numRuns });

describe('the fold of one history', () => {
  const anyHistory = fc.array(anyMove, { maxLength: 40 }).map(history);

  it('does not depend on where pages end', async () => {
    await check(
      fc.asyncProperty(anyHistory, fc.integer({ min: 1, max: 7 }), async (steps, size) => {
        const store = foldStore();
        for (let at = 0; at < steps.length; at += size) await store.fold(steps.slice(at, at + size));
        expect(store.text()).toBe((await atOnce(steps)).text());
      }) as never,
    );
  });

  it('does not depend on when the bodies of devices come', async () => {
    await check(
      fc.asyncProperty(anyHistory, fc.infiniteStream(fc.nat()), async (steps, dice) => {
        const roll = (): number => dice.next().value as number;
        const store = foldStore();
        const waiting: FoldStep[] = [];
        for (const step of steps) {
          if (isOfHub(step) || roll() % 2 === 0) await store.fold([step]);
          else {
            waiting.push(step);
            await store.fold([{ ...step, body: null }]);
          }
          if (roll() % 3 === 0 && waiting.length > 0) {
            await store.fold([], waiting.splice(roll() % waiting.length, 1));
          }
        }
        await store.fold([], waiting.toReversed());
        expect(store.text()).toBe((await atOnce(steps)).text());
      }) as never,
    );
  });

  it('does not depend on what was shown before it had a place', async () => {
    await check(
      fc.asyncProperty(anyHistory, fc.infiniteStream(fc.boolean()), async (steps, dice) => {
        const store = foldStore();
        const early = steps.filter((step) => !isOfHub(step) && (dice.next().value as boolean));
        await store.fold(early.map((step) => ({ ...step, place: null })));
        for (const step of steps) await store.fold([step]);
        expect(store.text()).toBe((await atOnce(steps)).text());
      }) as never,
    );
  });

  it('shows nothing of what waits in the quarantine', async () => {
    let waiting = 0;
    await check(
      fc.asyncProperty(anyHistory, async (steps) => {
        const store = await atOnce(steps);
        for (const { h, entry } of steps) {
          const row = store.row('quarantine', h);
          if (row === undefined || row.clear.released) continue;
          waiting++;
          const {
            added = {},
            reviews = {},
            tombstones = {},
          } = store.row('images', entry.entity)?.clear ?? {};
          expect(Object.keys({ ...added, ...reviews, ...tombstones })).not.toContain(h);
        }
      }) as never,
    );
    expect(waiting).toBeGreaterThan(200);
  });
});

describe('the readings that stand', () => {
  /** Any set of reviews in which each is based on earlier ones. */
  const anyReviews = fc
    .array(fc.record({ actor: fc.nat(2), adjudicates: fc.boolean(), base: fc.nat() }), { maxLength: 12 })
    .map((all): [string, Reviews[string]][] =>
      all.map(({ actor, adjudicates, base }, index) => [
        `r${index}`,
        {
          actor: `p${actor}`,
          adjudicates,
          basedOn: Array.from({ length: index }, (_, before) => `r${before}`).filter(
            (_, before) => (base >> before) % 2 === 1,
          ),
        },
      ]),
    );
  const of = (all: readonly [string, Reviews[string]][]): string[] =>
    standingReviews(Object.fromEntries(all));

  it('are the same in whatever order and however often the reviews come', () => {
    fc.assert(
      fc.property(anyReviews, fc.infiniteStream(fc.nat()), (all, dice) => {
        const shuffled = all
          .concat(all.slice(0, 3))
          .map((pair) => ({ pair, at: dice.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ pair }) => pair);
        expect(of(shuffled)).toEqual(of(all));
      }),
      { seed, numRuns: 500 },
    );
  });

  it('are some whenever there are any, and an adjudication of all of them stands alone', () => {
    fc.assert(
      fc.property(anyReviews, (all) => {
        const before = of(all);
        expect(before.length > 0).toBe(all.length > 0);
        const last: Reviews[string] = { actor: 'p9', adjudicates: true, basedOn: before };
        expect(of([...all, ['last', last]])).toEqual(['last']);
      }),
      { seed, numRuns: 500 },
    );
  });

  it('are never settled by somebody who did not see them', () => {
    fc.assert(
      fc.property(anyReviews, (all) => {
        const blind: Reviews[string] = { actor: 'p0', adjudicates: true, basedOn: [] };
        expect(of([...all, ['blind', blind]])).toEqual([...of(all), 'blind'].sort());
      }),
      { seed, numRuns: 500 },
    );
  });

  it('keep both when a third reader saw two and adjudicated neither', () => {
    const plain = (actor: string, basedOn: string[]): Reviews[string] => ({
      actor,
      adjudicates: false,
      basedOn,
    });
    expect(standingReviews({ a: plain('p0', []), b: plain('p1', []), c: plain('p2', ['a', 'b']) })).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect(standingReviews({ a: plain('p0', []), b: plain('p1', []), c: plain('p0', ['a', 'b']) })).toEqual([
      'b',
      'c',
    ]);
    expect(standingReviews({ a: plain('p0', []), b: plain('p1', ['a']) })).toEqual(['b']);
  });
});
