/** Where a command writes; `out` is the result, `err` is everything else. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Whether `out` and `err` go to a screen. */
  readonly outIsScreen: boolean;
  readonly errIsScreen: boolean;
  readonly columns: number;
}

export function processTerminal(): Terminal {
  // `npx fieldray read … | head` closes the pipe early: that ends the output, not the reading.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    outIsScreen: process.stdout.isTTY,
    errIsScreen: process.stderr.isTTY,
    columns: process.stdout.columns ?? 100,
  };
}
