import { textRequest } from './text-messages.ts';

/** One question to the hub's API. */
export interface Question {
  readonly method: string;
  /** Beginning with a slash; what the address of every question begins with is left out. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined: it has no body. */
  readonly text: string | undefined;
}

/** A response as it lies on the wire: streams would cost more than all that is in them. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/**
 * Asks the hub, whatever lies between.
 * @throws when nothing comes back
 */
export type Ask = (question: Question) => Promise<Reply>;

/** A reply as JSON. */
export interface Answer {
  readonly status: number;
  readonly json: Record<string, unknown>;
}

export const pathOfApi = '/api/v1';

export function questionOf(method: string, path: string, token?: string, body?: unknown): Question {
  return {
    method,
    path: `${pathOfApi}${path}`,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    text: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
  };
}

export function requestOf({ method, path, headers, text }: Question): Request {
  return textRequest({ method, url: `http://127.0.0.1:8787${path}`, headers, text });
}

const answers = new WeakMap<Reply, Answer>();

/** A body that is no JSON, as of a reply cut short, reads as an empty one. Whoever asks again is shown the same. */
export function answerOf(reply: Reply): Answer {
  const known = answers.get(reply);
  if (known !== undefined) return known;
  const { status, text } = reply;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = {};
  }
  const answer = { status, json: json as Record<string, unknown> };
  answers.set(reply, answer);
  return answer;
}

/** A text of an answer; empty where it is something else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
