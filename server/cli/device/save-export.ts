import { auditExportEndpoint } from '../../../shared/api/audit.ts';
import { problemOf } from '../../../shared/api/call-endpoint.ts';
import { AppError, describeThrown } from '../../../shared/kernel/errors.ts';
import { writeNewFile } from '../write-new-file.ts';
import type { HubSession } from './hub-session.ts';

/**
 * Writes the clinic's records as one file, piece by piece; what breaks off leaves none, and nothing is asked for where the
 * file cannot be made.
 * @returns how many bytes it has
 * @throws AppError `account.forbidden` for everybody but administrators, `network.unreachable`, `usage.*`
 */
export async function saveExport(hub: string, session: HubSession, path: string): Promise<number> {
  return writeNewFile(path, async () => reached(await ask(hub, session)));
}

async function* reached(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  for (let next = await reach(() => reader.read()); !next.done; next = await reach(() => reader.read()))
    yield next.value;
}

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
