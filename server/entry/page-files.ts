import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serveStatic } from '@hono/node-server/serve-static';
import type { MiddlewareHandler } from 'hono';

const pageDir = fileURLToPath(new URL('../../dist/web', import.meta.url));

/** The built page; undefined when it has not been built. Names under assets/ carry their content's hash and never change. */
export function pageFiles(): MiddlewareHandler | undefined {
  if (!existsSync(join(pageDir, 'index.html'))) return undefined;
  return serveStatic({
    root: pageDir,
    onFound: (_path, c) => {
      const hashed = c.req.path.startsWith('/assets/');
      c.header('Cache-Control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}
