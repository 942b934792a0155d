import { beforeAll, describe, expect, it } from 'vitest';
import { makeTarget, missedBy, tamperWith, type Target } from '../fixtures/tamper-log.ts';
import { tamperings } from '../fixtures/tamperings.ts';

/** `test:long -- tampering` looks at a thousand places for each kind. */
const places = 40;
const targetSeeds = [101, 102, 103, 104, 105, 106, 107, 108];

describe('tampering', () => {
  let targets: Target[] = [];
  beforeAll(async () => {
    targets = await Promise.all(targetSeeds.map((seed) => makeTarget(seed)));
  });

  it('has at least 25 kinds', () => {
    expect(Object.keys(tamperings).length).toBeGreaterThanOrEqual(25);
  });

  it.each(Object.keys(tamperings))(
    'is found, and the first bad entry named: %s',
    { timeout: 120_000 },
    async (kind) => {
      let done = 0;
      for (let seed = 1; done < places; seed++) {
        if (seed > places * 20) throw new Error(`only ${done} places fit`);
        const target = targets[seed % targets.length]!;
        const altered = await tamperWith(target, kind, seed);
        if (altered === null) continue;
        done++;
        const missed = await missedBy(target, kind, altered);
        expect(missed, `log ${targetSeeds[seed % targets.length]}, seed ${seed}`).toBeUndefined();
      }
    },
  );
});
