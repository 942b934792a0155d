import { Hono } from 'hono';
import { expect, it } from 'vitest';
import type { AppEnv } from '../deps.ts';
import { problemResponse } from './problem-response.ts';
import { uploadBudget } from './upload-budget.ts';

function hub() {
  const gate = Promise.withResolvers<void>();
  const app = new Hono<AppEnv>();
  app.onError((error, c) => problemResponse(c, error));
  app.post('/', uploadBudget(100, 60), async (c) => {
    await gate.promise;
    return c.text('read');
  });
  const post = (length?: string) =>
    app.request('/', { method: 'POST', headers: length === undefined ? {} : { 'Content-Length': length } });
  return { post, open: gate.resolve };
}

it('refuses what would not fit beside the uploads under way, and takes it when they are answered', async () => {
  const { post, open } = hub();
  const first = post('70');
  expect((await post('40')).status).toBe(503);
  const second = post('30');
  open();
  expect([(await first).status, (await second).status]).toEqual([200, 200]);
  expect((await post('90')).status).toBe(200);
});

it('counts a request of unknown length as the largest', async () => {
  const { post, open } = hub();
  const first = post();
  expect((await post()).status).toBe(503);
  open();
  expect((await first).status).toBe(200);
});
