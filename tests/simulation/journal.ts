import { createHash } from 'node:crypto';

const kept = 40;

/** Of text that waits to be hashed, in UTF-16 units: each call costs more than a line. */
const mostWaiting = 16_384;

/** Everything that happened under one seed, in order: a digest of all of it, and the last events in words. */
export class Journal {
  readonly #hash = createHash('sha256');
  readonly #last: string[] = [];
  #waiting = '';
  #count = 0;
  readonly #all: string[] | undefined;

  /** @param keepsAll to read it later; otherwise only the last events stay */
  constructor(keepsAll = false) {
    this.#all = keepsAll ? [] : undefined;
  }

  /** @param atMs virtual time since the world began */
  note(atMs: number, who: string, what: string): void {
    const line = `${atMs} ${who} ${what}`;
    this.#waiting += `${line}\n`;
    if (this.#waiting.length > mostWaiting) this.#flush();
    this.#last[this.#count % kept] = line;
    this.#count += 1;
    this.#all?.push(line);
  }

  #flush(): void {
    this.#hash.update(this.#waiting);
    this.#waiting = '';
  }

  get count(): number {
    return this.#count;
  }

  /** Every event, a line each; empty unless it was to keep them. */
  whole(): string {
    return (this.#all ?? []).map((line) => `${line}\n`).join('');
  }

  last(): string[] {
    const from = Math.max(0, this.#count - kept);
    return Array.from({ length: this.#count - from }, (_, index) => this.#last[(from + index) % kept]!);
  }

  /** 64 hex digits; closes the journal. */
  digest(finalState: string): string {
    this.#flush();
    return this.#hash.update(finalState).digest('hex');
  }
}
