import { join } from 'node:path';
import { createDiskStore } from '../blobs/disk-store.ts';
import { clientAddress } from '../http/client-address.ts';
import { openRemoteHub } from './remote-hub.ts';

/** What is used of Deno (2.9); its own types would bring a second set of globals. */
declare const Deno: {
  readonly env: { toObject(): Record<string, string> };
  serve(
    options: { readonly hostname: string; readonly port: number; readonly onListen: (at: Address) => void },
    handler: (request: Request, info: { readonly remoteAddr: Address }) => Response | Promise<Response>,
  ): unknown;
};
interface Address {
  readonly hostname: string;
  readonly port: number;
}

/** The hub on Deno: `deno run --allow-env --allow-net --allow-read --allow-write=data server/entry/deno.ts`. */
const environment = Deno.env.toObject();
const hub = await openRemoteHub(environment, {
  print: (line) => console.log(line),
  blobs: (keys, { dataDir }) =>
    createDiskStore({ folder: join(dataDir, 'blobs'), keys, now: () => Date.now() }),
  clientAddress: (c) =>
    clientAddress(
      (c.env as { readonly remoteAddr?: Address } | undefined)?.remoteAddr?.hostname,
      c.req.header('x-forwarded-for'),
      hub.settings.trustedProxies,
    ),
});
setInterval(() => void hub.tidy().catch(() => undefined), 3600 * 1000);
Deno.serve(
  {
    hostname: hub.settings.host,
    port: hub.settings.port,
    onListen: ({ hostname, port }) => console.log(`Fieldray listens at http://${hostname}:${port}/`),
  },
  (request, info) => hub.app.fetch(request, info),
);
