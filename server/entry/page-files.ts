import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serveStatic } from '@hono/node-server/serve-static';
import type { MiddlewareHandler } from 'hono';

const builtPage = fileURLToPath(new URL('../../dist/web', import.meta.url));

/** Named for their content, so that they never change. Everything else is asked for again, the service worker above all. */
const neverChanges = /^\/(assets|parcels)\//;

/** The page that verifies exports is one file, and names its script and style by hash. */
const verifyPath = '/verify.html';

function policyOf(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  return /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(readFileSync(path, 'utf8'))?.[1];
}

/** The built page; undefined when it has not been built. */
export function pageFiles(folder = builtPage): MiddlewareHandler | undefined {
  if (!existsSync(join(folder, 'index.html'))) return undefined;
  const files = serveStatic({
    root: folder,
    precompressed: true,
    rewriteRequestPath: (path) => (path === '/setup' ? '/setup.html' : path),
  });
  const verifyPolicy = policyOf(join(folder, verifyPath));
  return async (c, next) => {
    const answer = await files(c, next);
    if (!(answer instanceof Response)) return answer;
    answer.headers.set(
      'Cache-Control',
      neverChanges.test(c.req.path) ? 'public, max-age=31536000, immutable' : 'no-cache',
    );
    if (c.req.path === verifyPath && verifyPolicy !== undefined) {
      answer.headers.set('Content-Security-Policy', `${verifyPolicy}; frame-ancestors 'none'`);
    }
    // Also on the uncompressed one: a cache in between must not give it the other's place.
    answer.headers.set('Vary', 'Accept-Encoding');
    return answer;
  };
}
