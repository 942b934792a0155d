import { type Handler, Hono, type MiddlewareHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { Endpoint } from '../shared/api/endpoint.ts';
import { endpoints } from '../shared/api/endpoints.ts';
import { AppError } from '../shared/kernel/errors.ts';
import type { AppDeps, AppEnv } from './deps.ts';
import { auditEntry } from './http/audit-entry.ts';
import { authorise } from './http/authorise.ts';
import type { EndpointHandler, HandlersFor } from './http/handler.ts';
import { knownNamesOnly, sameSiteWritesOnly } from './http/loopback-guard.ts';
import { parseRequest } from './http/parse-request.ts';
import { problemResponse } from './http/problem-response.ts';
import { requestContext } from './http/request-context.ts';
import { securityHeaders } from './http/security-headers.ts';
import { uploadBudget } from './http/upload-budget.ts';
import { uploadLimit } from './http/upload-limit.ts';
import { auditRoutes } from './routes/audit.ts';
import { authRoutes } from './routes/auth.ts';
import { blobRoutes } from './routes/blobs.ts';
import { deviceRoutes } from './routes/devices.ts';
import { health } from './routes/health.ts';
import { predict } from './routes/predict.ts';
import { syncRoutes } from './routes/sync.ts';
import { userRoutes } from './routes/users.ts';

function handlersFor(deps: AppDeps): HandlersFor<typeof endpoints> {
  return {
    predict: predict(deps),
    health: health(deps),
    ...authRoutes(deps),
    ...userRoutes(deps),
    ...deviceRoutes(deps),
    ...syncRoutes(deps),
    ...auditRoutes(deps),
    ...blobRoutes(deps),
  };
}

const usualBodyBytes = 64 * 1024;
const chunkBytes = 1024 * 1024;

const noStore = createMiddleware<AppEnv>(async (c, next) => {
  await next();
  c.res.headers.set('Cache-Control', 'no-store');
});

/** What stands before a body is read. */
function bodyLimits(
  { request, maxBodyBytes = usualBodyBytes }: Endpoint,
  { maxUploadBytes }: AppDeps,
): MiddlewareHandler<AppEnv>[] {
  switch (request) {
    case 'none':
      return [];
    case 'json':
      return [uploadLimit(maxBodyBytes)];
    case 'bytes':
      return [uploadLimit(chunkBytes)];
    case 'multipart-file':
      return [uploadLimit(maxUploadBytes), uploadBudget(4 * maxUploadBytes, maxUploadBytes)];
  }
}

function answering(row: Endpoint, handler: EndpointHandler<Endpoint>, deps: AppDeps): Handler<AppEnv> {
  const record = auditEntry(row, deps);
  return async (c) => {
    const parsed = await parseRequest(c, row);
    // The table's types agree with what was parsed; for all rows at once that cannot be written down.
    const input = { c, member: c.get('member'), ...parsed } as Parameters<typeof handler>[0];
    const answer = await handler(input);
    const response =
      answer instanceof Response ? answer : answer === undefined ? c.body(null, 204) : c.json(answer);
    if (response.ok) await record(c);
    return response;
  };
}

/** Hono hands HEAD to the routes of GET, so that a row for HEAD has to stand among those and let GET pass. */
const headOnly = createMiddleware<AppEnv>(async (c, next) => {
  if (c.req.method !== 'HEAD') throw new AppError('request.not-found', 'no such address');
  await next();
});

/** The hub as a function from request to response; whoever calls it brings the network. */
export function createApp(deps: AppDeps): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.onError((error, c) => problemResponse(c, error));
  app.notFound((c) => problemResponse(c, new AppError('request.not-found', 'no such address')));

  app.use(requestContext(deps), securityHeaders(deps.overTls));
  app.use('/api/*', noStore);
  app.use(knownNamesOnly(deps.hostNames), sameSiteWritesOnly(deps.publicOrigin));
  const handlers: Readonly<Record<string, EndpointHandler<Endpoint>>> = handlersFor(deps);
  for (const row of endpoints as readonly Endpoint[]) {
    const before = [authorise(row, deps), ...bodyLimits(row, deps)];
    const handler = answering(row, handlers[row.name]!, deps);
    if (row.method === 'HEAD') app.on('GET', [row.path], headOnly, ...before, handler);
    else app.on(row.method, [row.path], ...before, handler);
  }
  if (deps.page !== undefined) app.get('/*', deps.page);
  return app;
}
