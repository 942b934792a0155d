import type { Terminal } from './terminal.ts';

export interface Progress {
  /** Prints a line above the bar. */
  line(text: string): void;
  advance(): void;
  finish(): void;
}

const barWidth = 24;

function bar(done: number, total: number, elapsedMs: number): string {
  const filled = Math.round((barWidth * done) / total);
  const left = done === 0 ? '' : `, ${Math.ceil(((elapsedMs / done) * (total - done)) / 1000)} s left`;
  return `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${done} of ${total}${left}`;
}

/** A bar on a screen; without one only the lines are printed. */
export function startProgress(terminal: Terminal, total: number, now: () => number): Progress {
  const started = now();
  let done = 0;
  const clear = (): void => {
    if (terminal.errIsScreen) terminal.err('\r\u001b[2K');
  };
  const draw = (): void => {
    if (terminal.errIsScreen) terminal.err(bar(done, total, now() - started));
  };
  draw();
  return {
    line(text) {
      clear();
      terminal.out(`${text}\n`);
      draw();
    },
    advance() {
      done += 1;
      clear();
      draw();
    },
    finish: clear,
  };
}
