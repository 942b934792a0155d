import { describe, expect, it } from 'vitest';
import { classificationManifest, fakeSession, tensor } from '../../tests/fixtures/fake-models.ts';
import { timeRun } from './try-runtime.ts';
import type { VerifiedModel } from './verify-model.ts';

const cases = [1, 2, 3].map((seed) => ({
  input: { generator: 'field' as const, seed, gain: 1 },
  outputs: {},
}));
const model: VerifiedModel = {
  manifest: classificationManifest(),
  golden: {
    format: 1,
    modelSha256: 'a'.repeat(64),
    tolerance: { absolute: 1, relative: 0 },
    cases,
  },
  onnx: new Uint8Array(),
};

/** Each run takes the next of these times. */
function timed(...times: number[]) {
  let clock = 0;
  let runs = 0;
  const session = fakeSession(() => {
    clock += times[runs % times.length]!;
    runs += 1;
    return { logits: tensor([1], 1) };
  });
  return { session, now: () => clock, runs: () => runs };
}

describe('timeRun', () => {
  it('is the median, so that one hiccup does not count', async () => {
    const { session, now, runs } = timed(10, 12, 200, 11, 13);
    expect(await timeRun(session, model, now)).toBe(12);
    expect(runs()).toBe(5);
  });

  it('does not run a slow runtime longer than it takes to know that it is slow', async () => {
    const { session, now, runs } = timed(8_000);
    expect(await timeRun(session, model, now)).toBe(8_000);
    expect(runs()).toBe(1);
  });
});
