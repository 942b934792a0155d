import { Dice } from '../property/dice.ts';
import { comeToRest } from './come-to-rest.ts';
import { Faults } from './faults.ts';
import { Journal } from './journal.ts';
import { moveInto } from './outside.ts';
import { Rules } from './rules.ts';
import { Life, Scheduler } from './scheduler.ts';
import { addTallies, type Tally } from './seed-report.ts';

/** 1 March 2026, when every world begins. */
export const beginningMs = Date.UTC(2026, 2, 1);

/** One virtual world: its time, its chances, and what is counted in it. */
export class World {
  readonly journal: Journal;
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly rules = new Rules();
  /** Whoever is never killed: people, and the one who runs the hub. */
  readonly people = new Life('people');
  readonly #seed: number;
  #streams = 0;
  #tallies: { operations: Tally; conflicts: Tally } = { operations: {}, conflicts: {} };

  constructor(seed: number, keepsJournal = false) {
    this.#seed = seed;
    this.journal = new Journal(keepsJournal);
    this.scheduler = new Scheduler(this.dice(), this.journal, comeToRest);
    this.faults = new Faults(this.dice());
    moveInto({
      wallClock: () => this.now,
      dice: this.dice(),
      looseDice: this.dice(),
      later: (ms, what, call) =>
        this.scheduler.start(async () => {
          await this.scheduler.wait(this.people, ms, what);
          call();
        }),
    });
  }

  /** The true time, milliseconds since 1970. */
  get now(): number {
    return beginningMs + this.scheduler.now;
  }

  /** Chances of one purpose: another purpose that takes more of its own does not change them. */
  dice(): Dice {
    this.#streams += 1;
    return new Dice(Math.imul(this.#seed, 0x9e3779b1) ^ Math.imul(this.#streams, 0x85ebca6b));
  }

  pause(ms: number, what: string): Promise<void> {
    return this.scheduler.wait(this.people, ms, what);
  }

  count(what: 'operations' | 'conflicts', name: string, times = 1): void {
    this.#tallies[what] = addTallies(this.#tallies[what], { [name]: times });
  }

  get tallies(): Readonly<{ operations: Tally; conflicts: Tally }> {
    return this.#tallies;
  }
}
