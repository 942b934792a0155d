import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { BlobStore } from '../../server/blobs/blob-store-api.ts';
import type { AppEnv } from '../../server/deps.ts';
import { problemResponse } from '../../server/http/problem-response.ts';
import { blobRoutes } from '../../server/routes/blobs.ts';
import {
  appendBlobEndpoint,
  beginBlobEndpoint,
  readBlobEndpoint,
  uploadStateEndpoint,
} from '../../shared/api/blobs.ts';
import { AppError } from '../../shared/kernel/errors.ts';

/** The routes of files alone, for somebody who is signed in to the clinic named in the header `X-Clinic`. */
export function blobApp(blobs: BlobStore): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  const routes = blobRoutes({ blobs });
  app.use(async (c, next) => {
    c.set('requestId', 'request-1');
    await next();
  });
  app.onError((error, c) => problemResponse(c, error));
  const asked = <Params>(c: Context<AppEnv>, schema: z.ZodType<Params>) => {
    const params = schema.safeParse(c.req.param());
    if (!params.success) throw new AppError('request.invalid', 'the address');
    return { c, member: { clinic: c.req.header('x-clinic') ?? '' }, params: params.data };
  };
  app.post(beginBlobEndpoint.path, async (c) => {
    const body = beginBlobEndpoint.body.safeParse(await c.req.json());
    if (!body.success) throw new AppError('request.invalid', 'the body');
    return routes.beginBlob({ ...asked(c, z.object({})), body: body.data });
  });
  app.patch(appendBlobEndpoint.path, (c) => routes.appendBlob(asked(c, appendBlobEndpoint.params)));
  // Hono hands HEAD to the routes of GET.
  app.get(uploadStateEndpoint.path, (c) => routes.uploadState(asked(c, uploadStateEndpoint.params)));
  app.get(readBlobEndpoint.path, (c) => routes.readBlob(asked(c, readBlobEndpoint.params)));
  return app;
}
