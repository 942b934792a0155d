import { expect } from 'vitest';
import type { z } from 'zod';
import type { Endpoint } from '../../shared/api/endpoint.ts';
import { Problem, problemMediaType } from '../../shared/api/problem.ts';

/** What a request brings besides its endpoint. */
export interface Call {
  readonly token?: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly bytes?: Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
}

type Answer<Row extends Endpoint> = Row['response'] extends z.ZodType ? z.output<Row['response']> : undefined;

/** A client that knows the API by its table alone and trusts nothing that it is answered. */
export interface HubClient {
  ask(row: Endpoint, call?: Call): Promise<Response>;
  /** The answer as its schema gives it; anything but success fails the test. */
  get<Row extends Endpoint>(row: Row, call?: Call): Promise<Answer<Row>>;
  /** The code of the problem; success, or another form than RFC 9457's, fails the test. */
  refusal(row: Endpoint, call?: Call): Promise<string>;
}

export function hubClient(origin: string): HubClient {
  async function ask(row: Endpoint, call: Call = {}): Promise<Response> {
    const path = row.path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(call.params![name]!));
    const query = call.query === undefined ? '' : `?${new URLSearchParams(call.query)}`;
    const body = call.bytes ?? (call.json === undefined ? undefined : JSON.stringify(call.json));
    return fetch(`${origin}${path}${query}`, {
      method: row.method,
      headers: {
        ...(call.token === undefined ? {} : { Authorization: `Bearer ${call.token}` }),
        ...(call.json === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...call.headers,
      },
      ...(body === undefined ? {} : { body }),
    });
  }
  return {
    ask,
    async get(row, call) {
      const response = await ask(row, call);
      const text = await response.text();
      if (!response.ok) throw new Error(`${row.name} was answered ${response.status}: ${text}`);
      if (typeof row.response === 'string') return undefined as never;
      return row.response.parse(JSON.parse(text)) as never;
    },
    refusal: async (row, call) => problemCode(await ask(row, call)),
  };
}

/** Checks that an answer is a problem in every detail, and says which. */
export async function problemCode(response: Response): Promise<string> {
  const text = await response.text();
  expect(response.ok, text).toBe(false);
  expect(response.headers.get('Content-Type')).toBe(problemMediaType);
  expect(response.headers.get('Cache-Control')).toBe('no-store');
  const problem = Problem.parse(JSON.parse(text));
  expect(problem.status).toBe(response.status);
  expect(problem.type).toBe(`urn:fieldray:problem:${problem.code}`);
  expect(problem.instance).toBe(response.headers.get('X-Request-Id'));
  return problem.code;
}
