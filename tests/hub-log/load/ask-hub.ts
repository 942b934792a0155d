/** JSON to a hub and back, over a network or straight into `app.fetch`. */
export interface Answer {
  readonly status: number;
  readonly json: unknown;
}

export type AskHub = (method: string, path: string, body?: unknown, accessToken?: string) => Promise<Answer>;

/** @param origin such as `http://127.0.0.1:8787` */
export function askHub(
  origin: string,
  send: (request: Request) => Response | Promise<Response> = fetch,
): AskHub {
  return async (method, path, body, accessToken) => {
    const request = new Request(`${origin}/api/v1${path}`, {
      method,
      headers: {
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(accessToken !== undefined && { Authorization: `Bearer ${accessToken}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const response = await send(request);
    const text = await response.text();
    return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
  };
}

/** @throws Error for any answer that is not a 2xx, with what it said */
export async function mustAnswer(asked: Promise<Answer>): Promise<unknown> {
  const { status, json } = await asked;
  if (status >= 300) throw new Error(`the hub answered ${status}: ${JSON.stringify(json)}`);
  return json;
}
