import type { z } from 'zod';
import { AppError } from '../../shared/kernel/errors.ts';
import { PullAnswer, PushAnswer } from '../../shared/log/exchange.ts';
import type { SyncTransport } from '../../shared/log/sync-transport.ts';
import { type Answer, answerOf, requestOf } from './ask.ts';
import { refusalOf, type Session } from './session.ts';

/** The way of one program to the hub, with the tokens of its profile. */
export function transportOf(fetch: typeof globalThis.fetch, session: Session): SyncTransport {
  async function once(
    path: string,
    request: unknown,
  ): Promise<{ answer: Answer; retryAfterS: number | undefined }> {
    try {
      const response = await fetch(requestOf('POST', path, session.accessToken, request));
      const retryAfterS = Number(response.headers.get('retry-after') ?? Number.NaN) || undefined;
      return { answer: await answerOf(response), retryAfterS };
    } catch (cause) {
      throw new AppError('network.unreachable', 'nothing came back', { cause });
    }
  }

  async function ask<Schema extends z.ZodType>(
    path: string,
    request: unknown,
    schema: Schema,
  ): Promise<z.output<Schema>> {
    let { answer, retryAfterS } = await once(path, request);
    if (answer.status === 401) {
      await session.refresh(fetch);
      ({ answer, retryAfterS } = await once(path, request));
    }
    if (answer.status >= 300) throw refusalOf(answer, retryAfterS);
    const parsed = schema.safeParse(answer.json);
    if (!parsed.success) throw new AppError('network.unreachable', 'the reply is cut short');
    return parsed.data;
  }

  return {
    push: (request) => ask('/sync/push', request, PushAnswer),
    pull: (request) => ask('/sync/pull', request, PullAnswer),
  };
}
