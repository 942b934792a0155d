import { afterEach, describe, expect, it } from 'vitest';
import { phantomFile } from '../../shared/imaging/phantom-file.ts';
import { createPool, type PoolOptions } from './pool.ts';
import type { InferencePool } from './pool-api.ts';

const open: InferencePool[] = [];

function pool(options: PoolOptions = {}): InferencePool {
  const created = createPool({ size: 1, ...options });
  open.push(created);
  return created;
}

afterEach(async () => {
  for (const created of open.splice(0)) await created.close();
});

const phantom = { source: { bytes: phantomFile({ width: 256, height: 232 }) } };

describe('the pool', () => {
  it('checks the models, reads, and hands back what was asked for', async () => {
    const reader = pool();
    expect((await reader.ready()).map(({ name }) => name)).toEqual(['cxr-lungs', 'cxr-pneumonia']);
    const reply = await reader.read({ ...phantom, file: 'x.png', wantMask: true });
    expect(reply.analysis).toMatchObject({ file: 'x.png', intake: { status: 'warning' } });
    expect(reply.maskPng?.subarray(1, 4)).toEqual(new TextEncoder().encode('PNG'));
    expect(reply.overlays).toBeUndefined();
  });

  it('reports a file that cannot be opened as a refusal', async () => {
    const { analysis } = await pool().read({ source: { path: '/nowhere.png' }, file: '/nowhere.png' });
    expect(analysis.intake).toMatchObject({ status: 'refused', reasons: [{ code: 'image.unreadable' }] });
  });

  it('stops a job that takes too long and goes on with a new child', async () => {
    const reader = pool({ timeoutMs: 1 });
    await reader.ready();
    await expect(reader.read(phantom)).rejects.toMatchObject({ code: 'inference.timeout' });
    await expect(reader.read(phantom)).rejects.toMatchObject({ code: 'inference.timeout' });
    expect(reader.load().restarts).toBe(1);
  });

  it('replaces a child that has grown too large, without losing a job', async () => {
    const reader = pool({ maxRssBytes: 1 });
    for (let turn = 0; turn < 2; turn += 1) await reader.read(phantom);
    expect(reader.load().restarts).toBe(2);
  });

  it('refuses when too many jobs wait', async () => {
    const reader = pool({ maxWaiting: 1 });
    const outcomes = await Promise.allSettled([
      reader.read(phantom),
      reader.read(phantom),
      reader.read(phantom),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(outcomes[2]).toMatchObject({ reason: { code: 'inference.busy' } });
  });

  it('says which model is missing', async () => {
    await expect(pool({ modelsDir: '/nowhere' }).ready()).rejects.toMatchObject({ code: 'model.missing' });
  });

  it('rejects what is open when it is closed', async () => {
    const reader = pool();
    const jobs = Promise.allSettled([reader.read(phantom), reader.read(phantom)]);
    await reader.close();
    expect((await jobs).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});
