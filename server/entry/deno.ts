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

/** The hub on Deno: `deno run --allow-env --allow-net --allow-read server/entry/deno.ts`. */
const environment = Deno.env.toObject();
const { app, flush } = await openRemoteHub(environment, {
  print: (line) => console.log(line),
  clientAddress: (c) => (c.env as { readonly remoteAddr?: Address } | undefined)?.remoteAddr?.hostname,
});
setInterval(() => void flush().catch(() => undefined), 3600 * 1000);
Deno.serve(
  {
    hostname: environment['HOST'] ?? '127.0.0.1',
    port: Number(environment['PORT'] ?? 8787),
    onListen: ({ hostname, port }) => console.log(`Fieldray listens at http://${hostname}:${port}/`),
  },
  (request, info) => app.fetch(request, info),
);
