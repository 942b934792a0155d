/** Where a command writes; `out` is the result, `err` is everything else. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Whether `out` and `err` go to a screen. */
  readonly outIsScreen: boolean;
  readonly errIsScreen: boolean;
  /** Aborted when the person or the system asks the command to stop; a second time ends the process at once. */
  readonly interrupted: AbortSignal;
}

export function processTerminal(): Terminal {
  const interruption = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => interruption.abort());
  // `npx fieldray read … | head` closes the pipe early: that ends the output, not the reading.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    process.stderr.write(`The result could not be written: ${error.message}\n`);
    process.exit(1);
  });
  process.stderr.on('error', () => undefined);
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    outIsScreen: process.stdout.isTTY,
    errIsScreen: process.stderr.isTTY,
    interrupted: interruption.signal,
  };
}
