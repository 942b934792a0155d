/**
 * Requests and responses as texts. Those of the platform carry each body in a stream, which costs more than all that is in it;
 * what nobody needs of them is not here, and a real one stands in where a body is no text.
 */

const RealResponse = globalThis.Response;

export interface TextMessage {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined: it has no body. */
  readonly text: string | undefined;
}

/** What the hub reads of a request; whatever else is asked of it throws. */
export function textRequest({ method, url, headers, text }: TextMessage): Request {
  const length = text === undefined ? {} : { 'content-length': String(Buffer.byteLength(text)) };
  const known: Partial<Request> = {
    method,
    url,
    headers: new Headers({ ...headers, ...length }),
    text: async () => text ?? '',
  };
  return new Proxy(known, {
    get(target, name) {
      if (!Object.hasOwn(target, name)) throw new TypeError(`no request here has a ${String(name)}`);
      return target[name as keyof Request];
    },
  }) as Request;
}

/** A response whose body is a text, or nothing. */
class TextResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly #body: BodyInit | null;

  constructor(body: BodyInit | null = null, { status = 200, headers }: ResponseInit = {}) {
    this.status = status;
    this.headers = new Headers(headers);
    this.#body = body;
    if (typeof body === 'string' && !this.headers.has('content-type')) {
      this.headers.set('content-type', 'text/plain;charset=UTF-8');
    }
  }

  static json(value: unknown, init: ResponseInit = {}): TextResponse {
    const headers = new Headers(init.headers);
    if (!headers.has('content-type')) headers.set('content-type', 'application/json');
    return new TextResponse(JSON.stringify(value), { ...init, headers });
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  async text(): Promise<string> {
    return typeof this.#body === 'string' ? this.#body : new RealResponse(this.#body).text();
  }
}

/** From now on the responses of this process are such. */
export function answerInTexts(): void {
  globalThis.Response = TextResponse as unknown as typeof Response;
}
