import type { Server } from 'node:http';

const drainMs = 30_000;
const idleCheckMs = 50;

/** Takes no new connections and waits for the requests under way, but not for ever. */
export async function stopServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = Promise.withResolvers<void>();
  server.close(() => closed.resolve());
  // A connection that has been answered stays open for the next request; none will come.
  const idle = setInterval(() => server.closeIdleConnections(), idleCheckMs);
  const deadline = setTimeout(() => server.closeAllConnections(), drainMs);
  await closed.promise;
  clearInterval(idle);
  clearTimeout(deadline);
}
