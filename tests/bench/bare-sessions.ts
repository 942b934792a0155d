import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./bare-session-child.ts', import.meta.url));
// The runtime's telemetry would be measured along.
const env = { ...process.env, ORT_DISABLE_TELEMETRY: '1' };

export interface BareSessions {
  /** Pictures per second, `count` of them shared among the children. */
  rate(count: number): Promise<number>;
  close(): void;
}

export async function startBareSessions(children: number, modelsDir: string): Promise<BareSessions> {
  const started = Array.from({ length: children }, () => fork(program, [modelsDir], { env }));
  await Promise.all(started.map((child) => once(child, 'message')));
  const run = (child: ChildProcess, pictures: number): Promise<unknown> => {
    const done = once(child, 'message');
    child.send(pictures);
    return done;
  };
  return {
    async rate(count) {
      const each = Math.ceil(count / children);
      const begin = performance.now();
      await Promise.all(started.map((child) => run(child, each)));
      return (each * children * 1000) / (performance.now() - begin);
    },
    close() {
      for (const child of started) child.disconnect();
    },
  };
}
