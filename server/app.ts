import { type Handler, Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import { type EndpointName, endpoints } from '../shared/api/endpoints.ts';
import { AppError } from '../shared/kernel/errors.ts';
import type { AppDeps, AppEnv } from './deps.ts';
import { loopbackNameOnly, sameSiteWritesOnly } from './http/loopback-guard.ts';
import { problemResponse } from './http/problem-response.ts';
import { requestContext } from './http/request-context.ts';
import { securityHeaders } from './http/security-headers.ts';
import { uploadBudget } from './http/upload-budget.ts';
import { uploadLimit } from './http/upload-limit.ts';
import { health } from './routes/health.ts';
import { predict } from './routes/predict.ts';

const handlers: Readonly<Record<EndpointName, (deps: AppDeps) => Handler<AppEnv>>> = { predict, health };

const noStore = createMiddleware<AppEnv>(async (c, next) => {
  await next();
  c.res.headers.set('Cache-Control', 'no-store');
});

/** The hub as a function from request to response; whoever calls it brings the network. */
export function createApp(deps: AppDeps): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.onError((error, c) => problemResponse(c, error));
  app.notFound((c) => problemResponse(c, new AppError('request.not-found', 'no such address')));

  app.use(requestContext(deps), securityHeaders);
  app.use('/api/*', noStore);
  app.use(loopbackNameOnly, sameSiteWritesOnly);
  for (const { name, method, path, request } of endpoints) {
    if (request === 'multipart-file') {
      app.use(
        path,
        uploadLimit(deps.maxUploadBytes),
        uploadBudget(4 * deps.maxUploadBytes, deps.maxUploadBytes),
      );
    }
    app.on(method, path, handlers[name](deps));
  }
  if (deps.page !== undefined) app.get('/*', deps.page);
  return app;
}
