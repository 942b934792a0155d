import type { Health, healthEndpoint } from '../../shared/api/health.ts';
import type { AppDeps } from '../deps.ts';
import type { EndpointHandler } from '../http/handler.ts';

/** `GET /api/v1/health/`: 200 while images are read, otherwise 503 with the same body. */
export function health({ pool, readiness, version }: AppDeps): EndpointHandler<typeof healthEndpoint> {
  return ({ c }) => {
    const status = readiness.status();
    const body: Health = {
      status,
      version,
      models: readiness.models(),
      pool: { size: pool.size, ...pool.load() },
      keeps: 'records',
    };
    return c.json(body, status === 'ok' ? 200 : 503);
  };
}
