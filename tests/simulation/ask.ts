/** One question to the hub's API, as JSON. */
export interface Answer {
  readonly status: number;
  readonly json: Record<string, unknown>;
}

const origin = 'http://127.0.0.1:8787';

export function addressOf(path: string): string {
  return `${origin}/api/v1${path}`;
}

export function requestOf(method: string, path: string, token?: string, body?: unknown): Request {
  return new Request(addressOf(path), {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

/** A body that is no JSON, as of a reply cut short, reads as an empty one. */
export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = {};
  }
  return { status: response.status, json: json as Record<string, unknown> };
}

/** A text of an answer; empty where it is something else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
