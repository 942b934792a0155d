import type { Dice } from '../property/dice.ts';
import type { Faults } from './faults.ts';
import { Life, type Scheduler } from './scheduler.ts';

/** Whoever answers at the other end. */
export interface Answering {
  /** @throws when nobody is there, or dies over it */
  handle(request: Request): Promise<Response>;
}

/** Where requests come from. */
export interface Station {
  readonly name: string;
  /** Whose request it is: what it waits for dies with it. */
  readonly life: Life;
  /** Out of reach of any network. */
  readonly isOffline: () => boolean;
  /** Its program is a version behind what the hub still speaks. */
  readonly isTooOld: () => boolean;
}

/** A reply, as it lies on the wire. */
interface Reply {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly text: string;
}

interface NetworkParts {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly dice: Dice;
  readonly hub: Answering;
}

const unreachable = (): TypeError => new TypeError('fetch failed');

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

  /** `fetch` for one process. */
  fetchFor(station: Station): typeof fetch {
    return async (input, init) => {
      const request = new Request(input, init);
      const text = request.body === null ? null : await request.text();
      const reply = await this.#exchange(station, request, text);
      await this.#parts.scheduler.wait(station.life, 0, `hears ${reply?.status ?? 'nothing'}`);
      init?.signal?.throwIfAborted();
      if (reply === undefined) throw unreachable();
      const { status, headers } = reply;
      const hasBody = status !== 204 && status !== 304 && request.method !== 'HEAD';
      return new Response(hasBody ? reply.text : null, { status, headers: headers.map(([k, v]) => [k, v]) });
    };
  }

  /** Undefined: nothing came back. */
  async #exchange(station: Station, request: Request, text: string | null): Promise<Reply | undefined> {
    const { scheduler, faults, dice } = this.#parts;
    const number = (this.#sent += 1);
    const { pathname } = new URL(request.url);
    const label = `${station.name} ${request.method} ${pathname} #${number}`;
    const patienceMs = dice.int(20_000, 60_000);
    if (station.isOffline()) {
      await scheduler.wait(station.life, dice.int(1, 50), 'has no network');
      return undefined;
    }
    const deliver = (ms: number, again = ''): Promise<Reply | undefined> =>
      this.#deliver(station, number, { label: label + again, request, text, ms });
    if (pathname.startsWith('/api/v1/sync/') && station.isTooOld()) {
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
    sent: {
      readonly label: string;
      readonly request: Request;
      readonly text: string | null;
      readonly ms: number;
    },
  ): Promise<Reply | undefined> {
    const { scheduler, faults, dice, hub } = this.#parts;
    const { label, request, text } = sent;
    await scheduler.wait(this.#wire, sent.ms, label);
    const newest = this.#arrived.get(station.name) ?? 0;
    if (number < newest) faults.count('reordered');
    this.#arrived.set(station.name, Math.max(newest, number));
    try {
      const { method, headers } = request;
      const body = text === null ? {} : { body: text };
      const response = await hub.handle(new Request(request.url, { method, headers, ...body }));
      const reply: Reply = {
        status: response.status,
        headers: [...response.headers],
        text: await response.text(),
      };
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
      return { status, headers: [['content-type', 'text/html']], text: '<h1>Service Unavailable</h1>' };
    }
    const type = ['content-type', 'application/problem+json'] as const;
    return status === 429
      ? {
          status,
          headers: [type, ['retry-after', String(retryAfterS)]],
          text: problem(status, 'sync.slow-down', 'Too many requests at once.'),
        }
      : { status, headers: [type], text: problem(status, 'sync.client-too-old', 'Please update.') };
  }
}
