import { open, rm } from 'node:fs/promises';
import { auditExportEndpoint } from '../../../shared/api/audit.ts';
import { problemOf } from '../../../shared/api/call-endpoint.ts';
import { AppError, describeThrown } from '../../../shared/kernel/errors.ts';
import { fileProblem } from '../file-problem.ts';
import type { HubSession } from './hub-session.ts';

/**
 * Writes the clinic's records as one file, piece by piece; what breaks off leaves none, and nothing is asked for where the
 * file cannot be made.
 * @returns how many bytes it has
 * @throws AppError `account.forbidden` for everybody but administrators, `network.unreachable`, `usage.*`
 */
export async function saveExport(hub: string, session: HubSession, path: string): Promise<number> {
  const file = await open(path, 'wx').catch((cause: unknown) => {
    throw isThere(cause)
      ? new AppError('usage.file-problem', `There is a "${path}" already, and nothing is overwritten.`)
      : fileProblem(path, cause);
  });
  let bytes = 0;
  let whole = false;
  try {
    const reader = (await ask(hub, session)).getReader();
    for (;;) {
      const { done, value } = await reach(() => reader.read());
      if (done) break;
      await file.writeFile(value).catch((cause: unknown) => {
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

const isThere = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';

async function ask(hub: string, { token, renew }: HubSession): Promise<ReadableStream<Uint8Array>> {
  const request = (bearer: string): Promise<Response> =>
    fetch(hub + auditExportEndpoint.path, { headers: { Authorization: `Bearer ${bearer}` } });
  const reply = await reach(async () => {
    const first = await request(await token());
    return first.status === 401 ? request(await renew()) : first;
  });
  if (reply.status === 200 && reply.body !== null) return reply.body;
  const text = await reach(() => reply.text());
  throw problemOf({ status: reply.status, text, retryAfter: reply.headers.get('Retry-After') });
}

async function reach<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('network.unreachable', describeThrown(cause), { cause });
  }
}
