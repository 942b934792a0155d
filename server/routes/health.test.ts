import { expect, it } from 'vitest';
import { Health } from '../../shared/api/health.ts';
import { aModelStatus } from '../../tests/hub/fake-pool.ts';
import { hubApp } from '../../tests/hub/hub-app.ts';

it('says with which models the hub is ready', async () => {
  const answer = await hubApp().app.request('/api/v1/health/');
  expect(answer.status).toBe(200);
  expect(Health.parse(await answer.json())).toEqual({
    status: 'ok',
    version: '0.1.0',
    models: [aModelStatus],
    pool: { size: 2, waiting: 0, running: 0, restarts: 0 },
    keeps: 'records',
  });
});

it.each(['starting', 'full', 'stopping'] as const)('answers 503 while %s', async (status) => {
  const { app } = hubApp({ readiness: { status: () => status, models: () => [] } });
  const answer = await app.request('/api/v1/health/');
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ status, models: [] });
});
