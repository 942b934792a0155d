import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serveStatic } from '@hono/node-server/serve-static';
import type { MiddlewareHandler } from 'hono';

const builtPage = fileURLToPath(new URL('../../dist/web', import.meta.url));

/** Named for their content, so that they never change. Everything else is asked for again, the service worker above all. */
const neverChanges = /^\/(assets|parcels)\//;

/** The built page; undefined when it has not been built. */
export function pageFiles(folder = builtPage): MiddlewareHandler | undefined {
  if (!existsSync(join(folder, 'index.html'))) return undefined;
  const files = serveStatic({
    root: folder,
    precompressed: true,
    rewriteRequestPath: (path) => (path === '/setup' ? '/setup.html' : path),
  });
  return async (c, next) => {
    const answer = await files(c, next);
    if (!(answer instanceof Response)) return answer;
    answer.headers.set(
      'Cache-Control',
      neverChanges.test(c.req.path) ? 'public, max-age=31536000, immutable' : 'no-cache',
    );
    // Also on the uncompressed one: a cache in between must not give it the other's place.
    answer.headers.set('Vary', 'Accept-Encoding');
    return answer;
  };
}
