import { absentBlobs } from '../blobs/absent-store.ts';
import type { Bucket } from '../blobs/bucket.ts';
import { createR2Store } from '../blobs/r2-store.ts';
import { openRemoteHub, type RemoteHub } from './remote-hub.ts';
import { unopenedApp } from './unopened-app.ts';

/** What Workers hand to each request: settings and secrets are texts, the bucket of the files is an R2 binding. */
export type Bindings = Readonly<Record<string, unknown>> & { readonly BLOBS?: Bucket };

export interface RequestContext {
  /** Lets work go on after the answer, and after the caller has hung up. */
  waitUntil(work: Promise<unknown>): void;
}

export interface HubOnWorkers {
  fetch(request: Request, bindings: Bindings, context: RequestContext): Promise<Response>;
  /** Called by the clock of Workers, every hour. */
  scheduled(event: unknown, bindings: Bindings): Promise<void>;
}

const flushMs = 60_000;

function settingsOf(bindings: Bindings): Record<string, string> {
  return Object.fromEntries(
    Object.entries(bindings).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/**
 * One hub for each isolate, opened by the first request. Requests that come meanwhile open their own and one of them stays:
 * waiting for what another request does would end both if that one is cut off.
 */
export function hubOnWorkers(
  print: (line: string) => void,
  now: () => number = () => Date.now(),
): HubOnWorkers {
  let hub: RemoteHub | undefined;
  let flushedAt = now();

  async function opened(bindings: Bindings): Promise<RemoteHub> {
    if (hub !== undefined) return hub;
    const { BLOBS: bucket } = bindings;
    const own = await openRemoteHub(settingsOf(bindings), {
      print,
      // Cloudflare sets it on every request, whatever the caller sent.
      clientAddress: (c) => c.req.header('cf-connecting-ip'),
      blobs: (keys) => (bucket === undefined ? absentBlobs : createR2Store({ bucket, keys })),
    });
    hub ??= own;
    return hub;
  }

  async function answer(request: Request, bindings: Bindings): Promise<Response> {
    try {
      const { app } = await opened(bindings);
      return await app.fetch(request, bindings);
    } catch (error) {
      return unopenedApp(error, print).fetch(request);
    }
  }

  /** An isolate ends without notice, so what was counted does not wait for the end of an hour. */
  async function flushNowAndThen(): Promise<void> {
    if (hub === undefined || now() - flushedAt < flushMs) return;
    flushedAt = now();
    await hub.flush();
  }

  return {
    fetch(request, bindings, context) {
      const answering = answer(request, bindings);
      context.waitUntil(answering.then(flushNowAndThen).catch(() => undefined));
      return answering;
    },
    async scheduled(_event, bindings) {
      await (await opened(bindings)).tidy();
    },
  };
}
