import { describe, expect, it } from 'vitest';
import { fakeHash, fakeSession, tensor } from '../../tests/fixtures/fake-models.ts';
import { type Golden, goldenField } from './golden.ts';
import { checkReference } from './reference-check.ts';
import type { ModelSession, Tensor } from './session.ts';

const shape = [1, 1, 6, 8] as const;

/** A "network" without symmetry: a weighted sum and a picture. */
function network(input: Tensor): Record<string, Tensor> {
  const weighted = input.data.map((value, index) => value * Math.sin(index + 1));
  return {
    logits: tensor([1, 1], [weighted.reduce((sum, value) => sum + value, 0)]),
    mask: tensor([1, 1, 6, 8], weighted),
  };
}

function goldenOf(run: (input: Tensor) => Record<string, Tensor>): Golden {
  return {
    format: 1,
    modelSha256: fakeHash,
    tolerance: { absolute: 1e-3, relative: 1e-3 },
    cases: [1, 2, 3].map((seed) => {
      const input = { generator: 'field' as const, seed, gain: seed === 3 ? 3 : 1 };
      const outputs = run(goldenField(seed, 6, 8, input.gain));
      const summaries = Object.entries(outputs).map(([name, { dims, data }]) => [
        name,
        {
          shape: [...dims],
          meanAbsolute: data.reduce((sum, value) => sum + Math.abs(value), 0) / data.length,
          samples: Array.from(data, (value, index): [number, number] => [index, value]),
        },
      ]);
      return { input, outputs: Object.fromEntries(summaries) };
    }),
  };
}

const golden = goldenOf(network);

/** The same network on a runtime that spoils every output tensor. */
const spoiled = (spoil: (tensor: Tensor) => Tensor): ModelSession =>
  fakeSession((input) =>
    Object.fromEntries(Object.entries(network(input)).map(([name, output]) => [name, spoil(output)])),
  );

describe('checkReference', () => {
  it('passes a runtime that computes the same, and says how closely it looked', async () => {
    const outcome = await checkReference(fakeSession(network), shape, golden);
    expect(outcome).toEqual({
      passed: true,
      cases: 3,
      values: 3 * (1 + 1 + 48 + 1),
      maxError: expect.any(Number),
    });
  });

  it.each<[string, (tensor: Tensor) => Tensor]>([
    ['returns zeros', ({ dims, data }) => ({ dims, data: data.map(() => 0) })],
    ['returns NaN', ({ dims, data }) => ({ dims, data: data.map(() => Number.NaN) })],
    [
      'is off by two thousandths',
      ({ dims, data }) => ({ dims, data: data.map((value) => value * 1.002 + 0.002) }),
    ],
    ['permutes a tensor', ({ dims, data }) => ({ dims, data: data.toReversed() })],
    [
      'overflows in half precision',
      ({ dims, data }) => ({ dims, data: data.map((v) => (Math.abs(v) > 1 ? Infinity : v)) }),
    ],
    ['returns another shape', ({ data }) => ({ dims: [data.length], data })],
    ['returns too few values', ({ dims, data }) => ({ dims, data: data.subarray(0, data.length - 1) })],
  ])('fails a runtime that %s', async (_, spoil) => {
    // Reversing one number changes nothing, so the mask must be looked at as well.
    expect(await checkReference(spoiled(spoil), shape, golden)).toMatchObject({ passed: false });
  });

  it('fails a runtime that leaves an output out', async () => {
    const session = fakeSession((input) => ({ logits: network(input)['logits']! }));
    expect(await checkReference(session, shape, golden)).toEqual({
      passed: false,
      reason: 'seed 1: mask is missing',
    });
  });

  it('fails a runtime that throws', async () => {
    const session = fakeSession(() => {
      throw new Error('device lost');
    });
    expect(await checkReference(session, shape, golden)).toEqual({ passed: false, reason: 'device lost' });
  });

  it('notices what only a large input shows', async () => {
    const session = fakeSession((input) =>
      network({ ...input, data: input.data.map((value) => Math.min(4, value)) }),
    );
    expect(await checkReference(session, shape, golden)).toMatchObject({
      passed: false,
      reason: expect.stringContaining('seed 3'),
    });
  });
});

describe('goldenField', () => {
  it('is the field that the training program computed', () => {
    // NumPy, models/training/golden.py: field(1, 4, 5).
    const { data } = goldenField(1, 4, 5, 1);
    const expected = [
      -0.097401, -1.616082, -0.425002, -1.734673, 0.647784, 1.828657, -0.535317, -0.200207, 0.194667,
      1.033675, 0.967139, 0.406706, -0.771241, 0.984604, 1.3857, -0.488555, -0.358559, -0.944582, -1.385515,
      1.108203,
    ];
    for (const [index, value] of expected.entries()) expect(data[index]).toBeCloseTo(value, 5);
  });
});
