import { AppError } from '../../shared/kernel/errors.ts';
import { PushAnswer } from '../../shared/log/exchange.ts';
import { readPullAnswer } from '../../shared/log/read-pull-answer.ts';
import type { SyncTransport } from '../../shared/log/sync-transport.ts';
import { type Answer, answerOf, type Ask, questionOf } from './ask.ts';
import { refusalOf, retryAfterOf, type Session } from './session.ts';

/** The way of one program to the hub, with the tokens of its profile. */
export function transportOf(ask: Ask, session: Session): SyncTransport {
  async function once(
    path: string,
    request: unknown,
  ): Promise<{ answer: Answer; retryAfterS: number | undefined }> {
    try {
      const reply = await ask(questionOf('POST', path, session.accessToken, request));
      return { answer: answerOf(reply), retryAfterS: retryAfterOf(reply) };
    } catch (cause) {
      throw new AppError('network.unreachable', 'nothing came back', { cause });
    }
  }

  async function askFor<Said>(
    path: string,
    request: unknown,
    read: (json: unknown) => Said | undefined,
  ): Promise<Said> {
    let { answer, retryAfterS } = await once(path, request);
    if (answer.status === 401) {
      await session.refresh(ask);
      ({ answer, retryAfterS } = await once(path, request));
    }
    if (answer.status >= 300) throw refusalOf(answer, retryAfterS);
    const said = read(answer.json);
    if (said === undefined) throw new AppError('network.unreachable', 'the reply is cut short');
    return said;
  }

  return {
    push: (request) => askFor('/sync/push', request, (json) => PushAnswer.safeParse(json).data),
    pull: (request) => askFor('/sync/pull', request, readPullAnswer),
  };
}
