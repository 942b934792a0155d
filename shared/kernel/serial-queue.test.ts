import { expect, it } from 'vitest';
import { createSerialQueue } from './serial-queue.ts';

it('runs one task after the other, also after one that failed', async () => {
  const queue = createSerialQueue();
  const seen: string[] = [];
  const first = Promise.withResolvers<void>();
  const running = queue.run(async () => {
    await first.promise;
    seen.push('first');
  });
  const failing = queue.run(async () => {
    seen.push('second');
    throw new Error('its own');
  });
  const last = queue.run(async () => {
    seen.push('third');
    return 3;
  });
  expect(seen).toEqual([]);
  first.resolve();
  await running;
  await expect(failing).rejects.toThrow('its own');
  expect(await last).toBe(3);
  expect(seen).toEqual(['first', 'second', 'third']);
});
