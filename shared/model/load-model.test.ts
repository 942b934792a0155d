import { describe, expect, it } from 'vitest';
import { classificationManifest, fakeHash, fakeSession, tensor } from '../../tests/fixtures/fake-models.ts';
import { AppError } from '../kernel/errors.ts';
import { noGradientCache } from './gradient-cache.ts';
import { loadModel } from './load-model.ts';
import { ClassificationManifest, ModelManifest } from './manifest.ts';
import type { GradientTools } from './model-gradients.ts';
import type { StartSession } from './session.ts';
import type { ModelFiles } from './verify-model.ts';

const hashing = (hash: string): GradientTools => ({ sha256: async () => hash, cache: noGradientCache });
const sameHash = hashing(fakeHash);

function files(change: Partial<ModelFiles> = {}): ModelFiles {
  const expected = (value: number): object => ({ shape: [1, 1], meanAbsolute: value, samples: [[0, value]] });
  const golden = {
    format: 1,
    modelSha256: fakeHash,
    tolerance: { absolute: 1e-3, relative: 0 },
    cases: [1, 2, 3].map((seed) => ({
      input: { generator: 'field', seed, gain: 1 },
      outputs: { logits: expected(2), activation: expected(1), weights: expected(3) },
    })),
  };
  return { manifest: classificationManifest(), golden, onnx: new Uint8Array(3), ...change };
}

function runtime(name: string, logit: number, released: string[] = []): StartSession {
  return async () => ({
    ...fakeSession(() => ({
      logits: tensor([1, 1], logit),
      activation: tensor([1, 1], 1),
      weights: tensor([1, 1], 3),
    })),
    runtime: { name, version: '1.0.0', backend: 'cpu', threads: 1 },
    release: async () => void released.push(name),
  });
}

const failingToStart: StartSession = async () => {
  throw new AppError('model.load-failed', 'no such backend');
};

describe('loadModel', () => {
  it('takes the first runtime that repeats the reference and says why others were turned down', async () => {
    const released: string[] = [];
    const runtimes = [
      failingToStart,
      runtime('wrong', 2.5, released),
      runtime('right', 2, released),
      runtime('unused', 2),
    ];
    const model = await loadModel(files(), runtimes, sameHash);
    expect(model.session.runtime.name).toBe('right');
    expect(model.check).toEqual({ passed: true, cases: 3, values: 18, maxError: 0 });
    expect(model.rejected).toEqual(['no such backend', 'wrong (cpu): seed 1: logits[0] is 2.5, expected 2']);
    expect(released).toEqual(['wrong']);
  });

  it('refuses when no runtime computes correctly', async () => {
    await expect(loadModel(files(), [runtime('wrong', 0)], sameHash)).rejects.toMatchObject({
      code: 'model.check-failed',
    });
  });

  it('refuses weights with another hash than the manifest names, before anything is started', async () => {
    const start: StartSession = () => expect.unreachable('a session was started');
    const otherHash = hashing('b'.repeat(64));
    await expect(loadModel(files(), [start], otherHash)).rejects.toMatchObject({
      code: 'model.hash-mismatch',
    });
  });

  it.each<[string, Partial<ModelFiles>]>([
    ['a manifest that is no object', { manifest: 'x' }],
    ['a manifest with an unknown field', { manifest: { ...classificationManifest(), accuracy: 0.99 } }],
    ['golden vectors that are missing', { golden: {} }],
    ['golden vectors that leave an output unchecked', { golden: withoutWeights(files().golden) }],
  ])('refuses %s', async (_, change) => {
    await expect(loadModel(files(change), [runtime('right', 2)], sameHash)).rejects.toMatchObject({
      code: 'model.bad-manifest',
    });
  });
});

function withoutWeights(golden: unknown): unknown {
  return JSON.parse(JSON.stringify(golden, (key, value: unknown) => (key === 'weights' ? undefined : value)));
}

describe('ModelManifest', () => {
  it('refuses an operating point that belongs to other weights', () => {
    const manifest = classificationManifest();
    expect(ModelManifest.safeParse(manifest).success).toBe(true);
    expect(ClassificationManifest.safeParse({ ...manifest, sha256: 'c'.repeat(64) }).success).toBe(false);
  });

  it('refuses a default operating point that does not exist', () => {
    const [finding] = classificationManifest().findings;
    const findings = [{ ...finding, defaultOperatingPoint: 'perfect' }];
    expect(ModelManifest.safeParse({ ...classificationManifest(), findings }).success).toBe(false);
  });
});
