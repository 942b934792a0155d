import type { Context } from 'hono';
import { prettifyError, type z } from 'zod';
import type { Endpoint } from '../../shared/api/endpoint.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import type { AppEnv } from '../deps.ts';
import { parseJson } from './parse-json.ts';

/** A request's parts, each as its schema gives it; undefined where the row has none. */
export interface ParsedRequest {
  readonly body: unknown;
  readonly params: unknown;
  readonly query: unknown;
}

/** Whoever sends a million unknown names is not told all of them. */
const mostDetail = 2000;

function parse(schema: z.ZodType | undefined, what: string, value: unknown): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError('request.invalid', `${what}: ${prettifyError(parsed.error).slice(0, mostDetail)}`, {
    cause: parsed.error,
  });
}

/** An empty body stands for `{}`: where all members may be missing, so may the braces. */
async function jsonBody(c: Context<AppEnv>): Promise<unknown> {
  const text = await c.req.text();
  if (text === '') return {};
  // A form of another site can be sent as text/plain without asking; JSON cannot.
  if (!/^application\/json\b/i.test(c.req.header('content-type') ?? '')) {
    throw new AppError('request.invalid', 'the body must be application/json');
  }
  return parseJson(text);
}

function parsedBody({ body, readBody }: Pick<Endpoint, 'body' | 'readBody'>, value: unknown): unknown {
  return readBody?.(value) ?? parse(body, 'the body', value);
}

/** A parameter that is repeated arrives as one text with commas between, as lists are written. */
function queryOf(c: Context<AppEnv>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(c.req.queries()).map(([name, values]) => [name, values.join(',')]),
  );
}

/**
 * Only after the caller was let in: nobody else's body is read.
 * @throws AppError `request.invalid`
 */
export async function parseRequest(
  c: Context<AppEnv>,
  { request, params, query, ...row }: Endpoint,
): Promise<ParsedRequest> {
  return {
    params: parse(params, 'the address', c.req.param()),
    query: parse(query, 'the parameters', query === undefined ? undefined : queryOf(c)),
    body: request === 'json' ? parsedBody(row, await jsonBody(c)) : undefined,
  };
}
