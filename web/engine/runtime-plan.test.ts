import { describe, expect, it } from 'vitest';
import type { RuntimeTrial } from './engine-state.ts';
import { chooseRuntimes, mergeTrials, openOptionsFor, threadsToTry } from './runtime-plan.ts';

const facts = { cores: 8, isolated: true, isAppleMobile: false };
const wasm = (threads: number, runMs?: number): RuntimeTrial =>
  runMs === undefined
    ? { backend: 'wasm', threads, rejected: 'wrong numbers' }
    : { backend: 'wasm', threads, runMs };
const gpu = (runMs?: number): RuntimeTrial =>
  runMs === undefined
    ? { backend: 'webgpu', threads: 1, rejected: 'every value is zero' }
    : { backend: 'webgpu', threads: 1, runMs };
const model = (name: string, ...trials: RuntimeTrial[]) => ({ model: name, modelSha256: name, trials });
const at = '2030-01-01T00:00:00.000Z';
const chosen = (...models: ReturnType<typeof model>[]) =>
  chooseRuntimes(models, 'automatic', at).map(({ backend, threads }) => [backend, threads]);

describe('threadsToTry', () => {
  it.each([
    [facts, 4],
    [{ ...facts, cores: 2 }, 2],
    [{ ...facts, isolated: false }, 1],
    [{ ...facts, isAppleMobile: true }, 1],
    [{ ...facts, cores: 0 }, 1],
  ])('%o: %d', (given, threads) => expect(threadsToTry(given)).toBe(threads));
});

describe('chooseRuntimes', () => {
  it('takes threads only where they are clearly faster, over all models', () => {
    expect(chosen(model('a', wasm(4, 10), wasm(1, 30)), model('b', wasm(4, 25), wasm(1, 20)))).toEqual([
      ['wasm', 4],
      ['wasm', 4],
    ]);
    expect(chosen(model('a', wasm(4, 50), wasm(1, 30)))).toEqual([['wasm', 1]]);
    expect(chosen(model('a', wasm(2, 25), wasm(1, 30)))).toEqual([['wasm', 1]]);
  });

  it('does without threads when one model computes wrongly with them', () => {
    expect(chosen(model('a', wasm(4, 10), wasm(1, 30)), model('b', wasm(4), wasm(1, 20)))).toEqual([
      ['wasm', 1],
      ['wasm', 1],
    ]);
  });

  it('takes the graphics processor only where it is clearly faster, for each model by itself', () => {
    expect(chosen(model('a', wasm(2, 100), gpu(79)), model('b', wasm(2, 100), gpu(81)))).toEqual([
      ['webgpu', 1],
      ['wasm', 2],
    ]);
  });

  it('never takes what computed wrongly, even when asked to, and says why', () => {
    const [choice] = chooseRuntimes([model('a', wasm(2, 10), gpu())], 'webgpu', at);
    expect(choice).toMatchObject({ backend: 'wasm', threads: 2, chosenAt: at });
    expect(choice?.reason).toBe(
      'The processor with 2 threads computes right here. The graphics processor was turned down: every value is zero.',
    );
  });

  it('follows the person where it can', () => {
    const trials = [model('a', wasm(2, 10), gpu(500))];
    expect(chooseRuntimes(trials, 'webgpu', at)[0]).toMatchObject({
      backend: 'webgpu',
      reason: 'The graphics processor was asked for in the settings.',
    });
    expect(chooseRuntimes([model('a', wasm(2, 500), gpu(1))], 'wasm', at)[0]).toMatchObject({
      backend: 'wasm',
    });
  });
});

it('opens a worker with WebAssembly behind every other backend', () => {
  const choices = chooseRuntimes(
    [model('a', wasm(2, 100), gpu(1)), model('b', wasm(2, 10), gpu(10))],
    'automatic',
    at,
  );
  expect(openOptionsFor(choices)).toEqual({
    threads: 2,
    backends: { a: ['webgpu', 'wasm'], b: ['wasm'] },
    measure: false,
  });
});

it('puts the trials of several workers together', () => {
  const opened = (trials: RuntimeTrial[]) => ({
    name: 'a',
    version: '1.0.0',
    sha256: 'f',
    bytes: 1,
    runtime: { name: 'r', version: '1', backend: 'wasm' as const, threads: 1 },
    check: { cases: 3, values: 9, maxError: 0 },
    trials,
  });
  expect(mergeTrials([[opened([wasm(2, 1)])], [opened([wasm(1, 2)])]])).toEqual([
    { model: 'a', modelSha256: 'f', trials: [wasm(2, 1), wasm(1, 2)] },
  ]);
});
