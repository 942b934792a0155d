import type { Server } from 'node:http';

const drainMs = 30_000;

/** Takes no new connections and waits for the requests under way, but not for ever. */
export async function stopServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = Promise.withResolvers<void>();
  server.close(() => closed.resolve());
  const deadline = setTimeout(() => server.closeAllConnections(), drainMs);
  await closed.promise;
  clearTimeout(deadline);
}
