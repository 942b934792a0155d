import { Hono } from 'hono';
import type { AppEnv } from '../deps.ts';
import { problemResponse } from '../http/problem-response.ts';
import { openRemoteHub, type RemoteHub } from './remote-hub.ts';

/** What Workers hand to each request: settings, secrets and bindings by their names. */
export type Bindings = Readonly<Record<string, unknown>>;

export interface RequestContext {
  /** Lets work go on after the answer, and after the caller has hung up. */
  waitUntil(work: Promise<unknown>): void;
}

const flushMs = 60_000;

/** Settings are texts; bindings such as a bucket are not. */
function settingsOf(bindings: Bindings): Record<string, string> {
  return Object.fromEntries(
    Object.entries(bindings).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/**
 * One hub for each isolate, opened by the first request. Requests that come meanwhile open their own and one of them stays:
 * waiting for what another request does would end both if that one is cut off.
 */
export function answerOnWorkers(
  print: (line: string) => void,
  now: () => number = () => Date.now(),
): (request: Request, bindings: Bindings, context: RequestContext) => Promise<Response> {
  let hub: RemoteHub | undefined;
  let flushedAt = now();

  async function open(bindings: Bindings): Promise<RemoteHub> {
    const opened = await openRemoteHub(settingsOf(bindings), {
      print,
      // Cloudflare sets it on every request, whatever the caller sent.
      clientAddress: (c) => c.req.header('cf-connecting-ip'),
    });
    hub ??= opened;
    return hub;
  }

  async function answer(request: Request, bindings: Bindings): Promise<Response> {
    try {
      const { app } = hub ?? (await open(bindings));
      return await app.fetch(request, bindings);
    } catch (error) {
      return refusing(error, print).fetch(request);
    }
  }

  /** An isolate ends without notice, so what was counted does not wait for the end of an hour. */
  async function flushNowAndThen(): Promise<void> {
    if (hub === undefined || now() - flushedAt < flushMs) return;
    flushedAt = now();
    await hub.flush();
  }

  return (request, bindings, context) => {
    const answering = answer(request, bindings);
    context.waitUntil(answering.then(flushNowAndThen).catch(() => undefined));
    return answering;
  };
}

/** Answers as the app does where there is none: the records could not be opened. */
function refusing(error: unknown, print: (line: string) => void): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.onError((thrown, c) => problemResponse(c, thrown));
  app.all('*', (c) => {
    const requestId = crypto.randomUUID();
    c.set('requestId', requestId);
    c.header('X-Request-Id', requestId);
    c.header('Cache-Control', 'no-store');
    print(JSON.stringify({ level: 'error', requestId, error: String(error) }));
    throw error;
  });
  return app;
}
