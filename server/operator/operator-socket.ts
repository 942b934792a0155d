import { chmod, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { join, relative } from 'node:path';
import { json } from 'node:stream/consumers';
import { AppError, describeThrown, isErrorCode } from '../../shared/kernel/errors.ts';
import { type Operator, OperatorAnswer, OperatorFailure } from './operator-api.ts';

// A running hub owns the database file, so that commands of the terminal go through it: over a socket in the data folder,
// which only the account of the system that runs the hub can open.

const mostBytes = 64 * 1024;

/** Relative where that is shorter: the system takes about a hundred bytes. */
function socketPath(dataDir: string): string {
  const absolute = join(dataDir, 'operator.sock');
  const fromHere = relative(process.cwd(), absolute);
  return fromHere.length < absolute.length ? fromHere : absolute;
}

async function bodyOf(incoming: IncomingMessage): Promise<unknown> {
  if (!(Number(incoming.headers['content-length']) <= mostBytes)) {
    throw new AppError('request.too-large', 'the command is too long');
  }
  return json(incoming);
}

/** Takes commands until it is closed. The one who calls it owns the folder: a socket that lies there is a dead hub's. */
export async function serveOperator(
  dataDir: string,
  operator: Operator,
): Promise<{ close(): Promise<void> }> {
  const path = socketPath(dataDir);
  const answer = async (incoming: IncomingMessage): Promise<readonly [number, unknown]> => {
    try {
      return [200, await operator.run((await bodyOf(incoming)) as never)];
    } catch (thrown) {
      const code = thrown instanceof AppError ? thrown.code : 'server.internal';
      return [400, { code, message: describeThrown(thrown) }];
    }
  };
  const reply = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const [status, value] = await answer(incoming);
    const headers = { 'Content-Type': 'application/json', Connection: 'close' };
    outgoing.writeHead(status, headers).end(JSON.stringify(value));
  };
  const server = createServer((incoming, outgoing) => void reply(incoming, outgoing));
  await rm(path, { force: true });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  // A socket can be used from the moment at which it is made, which is before this returns.
  const before = process.umask(0o077);
  try {
    server.listen(path, resolve);
  } finally {
    process.umask(before);
  }
  await promise;
  await chmod(path, 0o600);
  return {
    async close() {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    },
  };
}

function send(path: string, command: unknown): Promise<{ readonly status: number; readonly value: unknown }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; value: unknown }>();
  const text = JSON.stringify(command);
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) };
  const asked = request({ socketPath: path, method: 'POST', path: '/', headers }, (answer) => {
    json(answer).then((value) => resolve({ status: answer.statusCode ?? 500, value }), reject);
  });
  asked.on('error', reject);
  asked.end(text);
  return promise;
}

const nobodyThere = new Set(['ENOENT', 'ECONNREFUSED', 'ENOTSOCK']);

/** The operator of the hub that runs on this folder; asking it fails with `undefined` where none runs. */
export function remoteOperator(dataDir: string): {
  run(command: Parameters<Operator['run']>[0]): Promise<OperatorAnswer | undefined>;
} {
  return {
    async run(command) {
      let answer: Awaited<ReturnType<typeof send>>;
      try {
        answer = await send(socketPath(dataDir), command);
      } catch (cause) {
        if (nobodyThere.has((cause as NodeJS.ErrnoException).code ?? '')) return undefined;
        throw new AppError('usage.file-problem', describeThrown(cause), { cause });
      }
      if (answer.status === 200) return OperatorAnswer.parse(answer.value);
      const { code, message } = OperatorFailure.parse(answer.value);
      throw new AppError(isErrorCode(code) ? code : 'server.internal', message);
    },
  };
}
