import { asyncProperty, assert, integer, noBias, noShrink, pre, record } from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { nativeRuntime } from '../../server/inference/node-runtimes.ts';
import type { StartSession } from '../../shared/model/session.ts';
import { rewrittenOperators } from '../../shared/onnx/modernise/modernise.ts';
import { knownOperators } from '../../shared/onnx/operators/known-operators.ts';
import { checkGradient, compileNetwork } from './check-gradient.ts';
import { allDrawings } from './drawings/all-drawings.ts';
import { oldForm, reformedSince } from './occurrences.ts';
import { networkOf, randomNetwork } from './random-networks.ts';
import { Tally } from './tally.ts';
import { withBrokenRule } from './with-broken-rule.ts';

/** Compiled gradients against finite differences, on networks out of every operator that has a rule. */

const seed = 20261123;
const randomNetworks = 300;
const networksOfOne = 4;
const mostDiscarded = 0.35;

let start: StartSession;
beforeAll(async () => {
  start = await nativeRuntime();
});

describe('compiled gradients', () => {
  const tally = new Tally();

  it('are those of every operator by itself', async () => {
    for (const [name, draw] of Object.entries(allDrawings)) {
      let accepted = 0;
      for (let each = 0; accepted < networksOfOne; each += 1) {
        if (each > 10 * networksOfOne) throw new Error(`${name}: nearly all networks are discarded`);
        const verdict = await tally.check(`${name}, seed ${each}`, networkOf(draw, each), each, start);
        if (verdict === 'agrees') accepted += 1;
      }
    }
    expect(tally.counts.accepted).toBe(Object.keys(allDrawings).length * networksOfOne);
  }, 60_000);

  it(`are those of ${randomNetworks} random networks`, async () => {
    const before = tally.counts.accepted;
    // Fewer operators with the same seed are the beginning of the same network: that is how a failure is made smaller.
    const which = record({ seed: noShrink(noBias(integer())), count: integer({ min: 1, max: 6 }) });
    await assert(
      asyncProperty(which, async (each) => {
        const name = `seed ${each.seed}, ${each.count} operators`;
        const network = randomNetwork(each.seed, each.count);
        pre((await tally.check(name, network, each.seed, start)) === 'agrees');
      }),
      { seed, numRuns: randomNetworks },
    );
    expect(tally.counts.accepted - before).toBe(randomNetworks);
  }, 60_000);

  it('were looked at for every operator that is known, and for every older form', () => {
    const known = Object.entries(knownOperators).flatMap(([name, { gradient }]) =>
      gradient === undefined ? [] : [name],
    );
    const expected = [...known, ...rewrittenOperators, ...Object.keys(reformedSince).map(oldForm)];
    expect(expected.filter((name) => !tally.operators.has(name))).toEqual([]);
    expect(expected.length).toBeGreaterThan(150);
  });

  it('were seldom left out of account', () => {
    expect(tally.discardedShare).toBeLessThan(mostDiscarded);
    expect(tally.counts.discarded['not run'] ?? 0).toBeLessThan(0.02 * tally.counts.accepted);
  });
});

describe('the check', () => {
  /** OneHot's rule only says that it has none. */
  const withRule = Object.entries(knownOperators).flatMap(([name, { gradient }]) =>
    typeof gradient === 'function' && name !== 'OneHot' ? [name] : [],
  );
  const factor = 1.05;

  const tries = 40;
  const networks = (opType: string) =>
    Array.from({ length: tries }, (_, each) => networkOf(allDrawings[opType]!, each));

  /** For which of its inputs a rule is ever asked. */
  async function inputsOf(opType: string): Promise<ReadonlySet<number>> {
    const { asked } = await withBrokenRule(opType, -1, 1, async () => {
      for (const network of networks(opType)) compileNetwork(network);
    });
    return asked;
  }

  async function isRefused(opType: string, input: number): Promise<boolean> {
    for (const [each, network] of networks(opType).entries()) {
      const check = () => checkGradient(network, each, start);
      if ((await withBrokenRule(opType, input, factor, check)).result.kind === 'differs') return true;
    }
    return false;
  }

  it(`refuses every rule that is wrong by ${factor}, for each of its inputs`, async () => {
    const missed: string[] = [];
    let refused = 0;
    for (const opType of withRule) {
      for (const input of await inputsOf(opType)) {
        if (await isRefused(opType, input)) refused += 1;
        else missed.push(`${opType}, input ${input}`);
      }
    }
    expect(missed).toEqual([]);
    expect(refused).toBeGreaterThan(withRule.length);
  }, 60_000);
});
