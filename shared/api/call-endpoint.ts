import type { z } from 'zod';
import { AppError, describeThrown, isErrorCode } from '../kernel/errors.ts';
import type { Endpoint } from './endpoint.ts';
import { Problem } from './problem.ts';

/** As much of `fetch` as is needed; every platform's fits. */
export type Fetch = (
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string | Uint8Array<ArrayBuffer> },
) => Promise<{
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}>;

/** Who asks. `renew` is called once where the hub no longer knows the token. */
export interface Tokens {
  /** Undefined for somebody who is signed out. */
  current(): Promise<string | undefined>;
  /** @throws AppError `account.signed-out` and what else `fetch` may meet */
  renew(): Promise<string>;
}

export interface CallerParts {
  readonly fetch: Fetch;
  /** Without a slash at the end; empty for the page's own hub. */
  readonly hub: string;
  readonly tokens?: Tokens;
}

type Called = Pick<Endpoint, 'method' | 'path' | 'access' | 'request'> & {
  readonly body?: z.ZodType;
  readonly response: z.ZodType | 'none';
};
type Given<Row extends Called> = {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number>>;
} & (Row extends { body: infer Body extends z.ZodType } ? { readonly body: z.input<Body> } : object);
type Answer<Row extends Called> = Row['response'] extends z.ZodType ? z.output<Row['response']> : undefined;

/**
 * Asks the hub as a row of the API says, and reads the answer by the row's schema: a hub may be older or newer than its client.
 * @throws AppError `network.unreachable` where no whole answer came, which says nothing about what the hub did;
 * `page.outdated` where the answer has another form; the code of a problem that the hub reports, with
 * `details.retryAfterMs` where it said when to come again
 */
export type Call = <Row extends Called>(row: Row, given: Given<Row>) => Promise<Answer<Row>>;

export function createCaller({ fetch, hub, tokens }: CallerParts): Call {
  return async <Row extends Called>(row: Row, given: Given<Row>): Promise<Answer<Row>> => {
    const send = async (token: string | undefined): Promise<Reply> => {
      const headers: Record<string, string> = { Accept: 'application/json, application/problem+json' };
      if (token !== undefined) headers['Authorization'] = `Bearer ${token}`;
      if (row.request === 'json') headers['Content-Type'] = 'application/json';
      const body = 'body' in given ? { body: JSON.stringify(given.body) } : {};
      return receive(fetch, hub + addressOf(row.path, given), { method: row.method, headers, ...body });
    };
    let reply = await send(row.access === 'anyone' ? undefined : await tokens?.current());
    if (reply.status === 401 && row.access !== 'anyone' && tokens !== undefined) {
      reply = await send(await tokens.renew());
    }
    if (reply.status >= 400) throw problemOf(reply);
    if (row.response === 'none') return undefined as Answer<Row>;
    const parsed = row.response.safeParse(jsonOf(reply.text));
    if (!parsed.success) throw unreadable(reply, parsed.error.message);
    return parsed.data as Answer<Row>;
  };
}

interface Reply {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | null;
}

async function receive(fetch: Fetch, url: string, init: Parameters<Fetch>[1]): Promise<Reply> {
  try {
    const response = await fetch(url, init);
    const text = await response.text();
    return { status: response.status, text, retryAfter: response.headers.get('Retry-After') };
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('network.unreachable', describeThrown(cause), { cause });
  }
}

function addressOf(path: string, given: { params?: object; query?: object }): string {
  const params = new Map(Object.entries(given.params ?? {}));
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = params.get(name);
    if (value === undefined) throw new TypeError(`${path} needs ${name}`);
    return encodeURIComponent(String(value));
  });
  const query = Object.entries(given.query ?? {}).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
  );
  return query.length === 0 ? filled : `${filled}?${query.join('&')}`;
}

/** Undefined for a text that is no JSON, which no answer is. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Cut off on the way, or in another form. */
function unreadable({ text, status }: Reply, why: string): AppError {
  return jsonOf(text) === undefined
    ? new AppError('network.unreachable', `an answer with status ${status} was cut off`)
    : new AppError('page.outdated', `an answer has another form: ${why}`);
}

/** Why the hub, or something before it, refused. */
export function problemOf(reply: Reply): AppError {
  const { status, retryAfter } = reply;
  const details = retryAfterOf(retryAfter);
  const problem = Problem.safeParse(jsonOf(reply.text));
  if (problem.success && isErrorCode(problem.data.code)) {
    return new AppError(problem.data.code, problem.data.detail ?? problem.data.title, { details });
  }
  const code = status === 429 ? 'sync.slow-down' : status >= 500 ? 'network.unreachable' : 'request.invalid';
  return new AppError(code, `the hub, or something before it, answered ${status}`, { details });
}

/** Seconds (RFC 9110 section 10.2.3); the form with a date needs a clock that agrees and is not used by the hub. */
function retryAfterOf(header: string | null): { retryAfterMs?: number } {
  return header !== null && /^\d{1,6}$/.test(header) ? { retryAfterMs: Number(header) * 1000 } : {};
}
