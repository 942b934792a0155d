import { open, rm } from 'node:fs/promises';
import { auditExportEndpoint } from '../../../shared/api/audit.ts';
import { Problem } from '../../../shared/api/problem.ts';
import { AppError, describeThrown, isErrorCode } from '../../../shared/kernel/errors.ts';
import { fileProblem } from '../file-problem.ts';
import type { HubSession } from './hub-session.ts';

/**
 * Writes the clinic's records as one file, piece by piece; what breaks off leaves none.
 * @returns how many bytes it has
 * @throws AppError `account.forbidden` for everybody but administrators, `network.unreachable`, `usage.*`
 */
export async function saveExport(hub: string, { token, renew }: HubSession, path: string): Promise<number> {
  const ask = (bearer: string): Promise<Response> =>
    fetch(hub + auditExportEndpoint.path, { headers: { Authorization: `Bearer ${bearer}` } });
  const reply = await reach(async () => {
    const first = await ask(await token());
    return first.status === 401 ? ask(await renew()) : first;
  });
  if (reply.status !== 200 || reply.body === null) throw await problemOf(reply);
  const file = await open(path, 'wx').catch((cause: unknown) => {
    throw fileProblem(path, cause);
  });
  let bytes = 0;
  let whole = false;
  try {
    const reader = reply.body.getReader();
    for (;;) {
      const { done, value } = await reach(() => reader.read());
      if (done) break;
      await file.write(value).catch((cause: unknown) => {
        throw fileProblem(path, cause);
      });
      bytes += value.length;
    }
    await file.sync();
    whole = true;
  } finally {
    await file.close();
    if (!whole) await rm(path, { force: true });
  }
  return bytes;
}

async function reach<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('network.unreachable', describeThrown(cause), { cause });
  }
}

async function problemOf(reply: Response): Promise<AppError> {
  const problem = Problem.safeParse(await reply.json().catch(() => undefined));
  return problem.success && isErrorCode(problem.data.code)
    ? new AppError(problem.data.code, problem.data.detail ?? problem.data.title)
    : new AppError('network.unreachable', `the hub, or something before it, answered ${reply.status}`);
}
