import { type Ask, pathOfApi, type Question, type Reply } from './ask.ts';
import type { Dice } from '../property/dice.ts';
import type { Faults } from './faults.ts';
import { Life, type Scheduler } from './scheduler.ts';

/** Whoever answers at the other end. */
export interface Answering {
  /** @throws when nobody is there, or dies over it */
  handle(question: Question): Promise<Reply>;
}

/** Where requests come from. */
export interface Station {
  readonly name: string;
  /** Whose request it is: what it waits for dies with it. */
  readonly life: Life;
  /** Out of reach of any network. */
  readonly isOffline: () => boolean;
  /** Resolves when it can hear again; for the answer to a push alone. */
  readonly thawed: () => Promise<void>;
  /** Its program is a version behind what the hub still speaks. */
  readonly isTooOld: () => boolean;
}

interface NetworkParts {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly dice: Dice;
  readonly hub: Answering;
}

const problem = (status: number, code: string, title: string): string =>
  JSON.stringify({ type: 'about:blank', status, code, title, requestId: 'on-the-way' });

/** One network between all stations and the hub. It lives on when a station dies: what is on its way arrives. */
export class Network {
  readonly #parts: NetworkParts;
  readonly #wire = new Life('wire');
  #sent = 0;
  /** By station: the newest request of it that has arrived. */
  readonly #arrived = new Map<string, number>();

  constructor(parts: NetworkParts) {
    this.#parts = parts;
  }

  /** The way to the hub for one process. */
  askFor(station: Station): Ask {
    return async (question) => {
      const reply = await this.#exchange(station, question);
      if (question.path.endsWith('/sync/push')) await station.thawed();
      await this.#parts.scheduler.wait(station.life, 0, `hears ${reply?.status ?? 'nothing'}`);
      if (reply === undefined) throw new TypeError('nothing came back');
      return reply;
    };
  }

  /** Undefined: nothing came back. */
  async #exchange(station: Station, question: Question): Promise<Reply | undefined> {
    const { scheduler, faults, dice } = this.#parts;
    const number = (this.#sent += 1);
    const { method, path } = question;
    const label = `${station.name} ${method} ${path} #${number}`;
    const patienceMs = dice.int(20_000, 60_000);
    if (station.isOffline()) {
      await scheduler.wait(station.life, dice.int(1, 50), 'has no network');
      return undefined;
    }
    const deliver = (ms: number, again = ''): Promise<Reply | undefined> =>
      this.#deliver(station, number, { label: label + again, question, ms });
    if (path.startsWith(`${pathOfApi}/sync/`) && station.isTooOld()) {
      faults.count('older client');
      return this.#refuse(station, 426, undefined);
    }
    if (faults.strikes('request lost', 0.02)) {
      await scheduler.wait(station.life, patienceMs, `waits in vain for #${number}`);
      return undefined;
    }
    if (faults.strikes('reply lost', 0.03)) {
      scheduler.start(async () => void (await deliver(dice.int(5, 3000))));
      await scheduler.wait(station.life, patienceMs, `waits in vain for #${number}`);
      return undefined;
    }
    if (faults.strikes('slow down (429)', 0.02)) return this.#refuse(station, 429, dice.int(1, 120));
    if (faults.strikes('unavailable (503)', 0.02)) return this.#refuse(station, 503, undefined);
    if (faults.strikes('sent twice', 0.04)) {
      const late = dice.chance(0.3) ? dice.int(60_000, 5 * 86_400_000) : dice.int(5, 5000);
      scheduler.start(async () => void (await deliver(late, ' again')));
    }
    // Longer than an access token lives: a laptop that was closed while it sent.
    const slow = faults.strikes('after token expiry', 0.01) ? dice.int(601_000, 7_200_000) : 0;
    const reply = await deliver(slow + dice.int(5, 400));
    if (reply === undefined || !faults.strikes('reply cut short', 0.02)) return reply;
    return { ...reply, text: reply.text.slice(0, dice.int(0, Math.max(0, reply.text.length - 1))) };
  }

  async #deliver(
    station: Station,
    number: number,
    sent: { readonly label: string; readonly question: Question; readonly ms: number },
  ): Promise<Reply | undefined> {
    const { scheduler, faults, dice, hub } = this.#parts;
    const { label, question } = sent;
    await scheduler.wait(this.#wire, sent.ms, label);
    const newest = this.#arrived.get(station.name) ?? 0;
    if (number < newest) faults.count('reordered');
    this.#arrived.set(station.name, Math.max(newest, number));
    try {
      const reply = await hub.handle(question);
      await scheduler.wait(this.#wire, dice.int(1, 400), `${label} → ${reply.status}`);
      return reply;
    } catch {
      await scheduler.wait(this.#wire, dice.int(1, 400), `${label} → broken off`);
      return undefined;
    }
  }

  /** A proxy before the hub says no; 426 stands for a hub of a later version. */
  async #refuse(station: Station, status: 426 | 429 | 503, retryAfterS: number | undefined): Promise<Reply> {
    const { scheduler, dice } = this.#parts;
    await scheduler.wait(station.life, dice.int(1, 400), `is told ${status}`);
    if (status === 503) {
      return {
        status,
        headers: new Headers({ 'content-type': 'text/html' }),
        text: '<h1>Service Unavailable</h1>',
      };
    }
    const headers = new Headers({ 'content-type': 'application/problem+json' });
    if (retryAfterS !== undefined) headers.set('retry-after', String(retryAfterS));
    return status === 429
      ? {
          status,
          headers,
          text: problem(status, 'sync.slow-down', 'Too many requests at once.'),
        }
      : { status, headers, text: problem(status, 'sync.client-too-old', 'Please update.') };
  }
}
