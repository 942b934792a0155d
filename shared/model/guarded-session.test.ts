import { describe, expect, it } from 'vitest';
import { fakeSession, tensor } from '../../tests/fixtures/fake-models.ts';
import { guardedSession } from './guarded-session.ts';
import type { Tensor } from './session.ts';

const input = (value: number): Tensor => tensor([2], [value, 1]);

describe('a guarded session', () => {
  it('passes on what a sound session answers, also the same answer to the same input', async () => {
    const session = guardedSession(
      fakeSession(({ data }) => ({ logits: tensor([1], data[0]! * 2) })),
      () => undefined,
    );
    for (const value of [3, 3, 4]) {
      const answer = await session.run(input(value));
      expect(answer.get('logits')?.data[0]).toBe(2 * value);
    }
  });

  it('refuses an answer that is zero throughout', async () => {
    const zeros = fakeSession(() => ({ logits: tensor([1], 0), mask: tensor([4], 0) }));
    await expect(guardedSession(zeros, () => undefined).run(input(1))).rejects.toMatchObject({
      code: 'model.bad-output',
    });
  });

  it('refuses the answer of the image before, even when the caller has changed it since', async () => {
    const stuck = guardedSession(
      fakeSession(() => ({ logits: tensor([1], 7) })),
      () => undefined,
    );
    const first = await stuck.run(input(1));
    first.get('logits')!.data[0] = 8;
    await expect(stuck.run(input(2))).rejects.toMatchObject({ code: 'model.bad-output' });
  });

  it('passes on the same answer for another image when a third one gets another', async () => {
    const blind = guardedSession(
      fakeSession(({ data }) => ({ logits: tensor([1], Math.max(data[0]!, 0.5)) })),
      () => undefined,
    );
    for (const value of [0.1, 0.2, 0.3]) {
      const answer = await blind.run(input(value));
      expect(answer.get('logits')?.data[0]).toBe(0.5);
    }
  });

  it('says that the device is lost, before a run, after it, and in place of what the run threw', async () => {
    let lost: string | undefined;
    const lostBecause = (): string | undefined => lost;
    const losing = guardedSession(
      fakeSession(() => {
        lost = 'unplugged';
        return { logits: tensor([1], 1) };
      }),
      lostBecause,
    );
    await expect(losing.run(input(1))).rejects.toMatchObject({
      code: 'device.gpu-lost',
      message: 'unplugged',
    });
    await expect(losing.run(input(1))).rejects.toMatchObject({ code: 'device.gpu-lost' });
    lost = undefined;
    const throwing = guardedSession(
      fakeSession(() => {
        lost = 'unplugged';
        throw new Error('mapAsync failed');
      }),
      lostBecause,
    );
    await expect(throwing.run(input(1))).rejects.toMatchObject({ code: 'device.gpu-lost' });
  });
});
