import type { Handler } from 'hono';
import type { Health } from '../../shared/api/health.ts';
import type { AppDeps, AppEnv } from '../deps.ts';

/** `GET /api/v1/health/`: 200 while images are read, otherwise 503 with the same body. */
export function health({ pool, readiness, version }: AppDeps): Handler<AppEnv> {
  return (c) => {
    const status = readiness.status();
    const body: Health = {
      status,
      version,
      models: readiness.models(),
      pool: { size: pool.size, ...pool.load() },
      keeps: 'nothing',
    };
    return c.json(body, status === 'ok' ? 200 : 503);
  };
}
