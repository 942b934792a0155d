import type { Dice } from '../property/dice.ts';
import type { Journal } from './journal.ts';

/** One process: a tab of a device, or the hub. */
export class Life {
  readonly name: string;
  #alive = true;
  #onDeath: (() => void)[] = [];
  /** How many more waits it survives. */
  diesIn = Infinity;

  constructor(name: string) {
    this.name = name;
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** From now on nothing that it waits for comes back. */
  kill(): void {
    if (!this.#alive) return;
    this.#alive = false;
    const listeners = this.#onDeath;
    this.#onDeath = [];
    for (const listener of listeners) listener();
  }

  onDeath(listener: () => void): void {
    this.#onDeath.push(listener);
  }
}

interface Waiting {
  readonly at: number;
  /** Among those of one moment the dice decide, not the order in which they came. */
  readonly lot: number;
  readonly life: Life;
  readonly what: string;
  readonly resume: () => void;
}

const isBefore = (a: Waiting, b: Waiting): boolean => a.at < b.at || (a.at === b.at && a.lot < b.lot);

/** One for each that waits: a single one would hold on to all of them, and to their whole worlds. */
const never = (): Promise<never> => new Promise(() => undefined);

/**
 * Virtual time, and the only way on for everybody in it: each effect waits here, one at a time goes on, and the next is chosen
 * when that one has come to rest. One seed therefore decides every order of events.
 */
export class Scheduler {
  readonly #dice: Dice;
  readonly #journal: Journal;
  readonly #rest: () => Promise<void>;
  readonly #heap: Waiting[] = [];
  #now = 0;
  readonly #failures: unknown[] = [];

  /** @param rest resolves when nothing of this process moves any more */
  constructor(dice: Dice, journal: Journal, rest: () => Promise<void>) {
    this.#dice = dice;
    this.#journal = journal;
    this.#rest = rest;
  }

  /** Milliseconds since the world began. */
  get now(): number {
    return this.#now;
  }

  /** Goes on `ms` later; never, when `life` has died by then. Each wait is a place where it can die. */
  wait(life: Life, ms: number, what: string): Promise<void> {
    if (!life.alive) return never();
    life.diesIn -= 1;
    if (life.diesIn <= 0) {
      this.note(life.name, `dies before ${what}`);
      life.kill();
      return never();
    }
    return new Promise((resume) => {
      this.#push({ at: this.#now + Math.max(0, ms), lot: this.#dice.next(), life, what, resume });
    });
  }

  /** Starts something that nobody waits for; what it throws ends the run. */
  start(task: () => Promise<void>): void {
    task().catch((thrown: unknown) => {
      this.#failures.push(thrown);
    });
  }

  note(who: string, what: string): void {
    this.#journal.note(this.#now, who, what);
  }

  /**
   * Lets the world go on until `isDone`, or until nobody waits any more.
   * @throws whatever a started task threw
   */
  async run(isDone: () => boolean): Promise<void> {
    await this.#rest();
    while (this.#heap.length > 0 && !isDone()) {
      if (this.#failures.length > 0) break;
      const next = this.#pop();
      if (!next.life.alive) continue;
      this.#now = Math.max(this.#now, next.at);
      this.note(next.life.name, next.what);
      next.resume();
      await this.#rest();
    }
    if (this.#failures.length > 0) throw this.#failures[0];
  }

  #push(waiting: Waiting): void {
    const heap = this.#heap;
    let at = heap.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(waiting, heap[above]!)) break;
      heap[at] = heap[above]!;
      at = above;
    }
    heap[at] = waiting;
  }

  #pop(): Waiting {
    const heap = this.#heap;
    const first = heap[0]!;
    const moved = heap.pop()!;
    if (heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && isBefore(heap[below + 1]!, heap[below]!)) below += 1;
      if (!isBefore(heap[below]!, moved)) break;
      heap[at] = heap[below]!;
      at = below;
    }
    heap[at] = moved;
    return first;
  }
}
