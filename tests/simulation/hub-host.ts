import { createHash } from 'node:crypto';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import { createApp } from '../../server/app.ts';
import { createAccounts } from '../../server/auth/create-accounts.ts';
import { runningSha256 } from '../../server/keys/node-crypto.ts';
import type { Database } from '../../server/store/database.ts';
import type { HubLog } from '../../server/store/hub-log-api.ts';
import { createLibsqlDatabase, type LibsqlClient } from '../../server/store/libsql-database.ts';
import { createHubLog } from '../../server/store/hub-log.ts';
import { openRootKey } from '../../server/store/log/root-key.ts';
import { migrate } from '../../server/store/migrate.ts';
import type { PullAnswer } from '../../shared/log/exchange.ts';
import { aModelStatus, fakePool } from '../hub/fake-pool.ts';
import { answerOf, pathOfApi, type Question, type Reply, requestOf, textOf } from './ask.ts';
import { faultyClient } from './faulty-client.ts';
import type { Answering } from './network.ts';
import { randomBytes, randomUuid } from './outside.ts';
import { Life } from './scheduler.ts';
import { sealer, simulatedCrypto, simulatedSigner } from './simulated-crypto.ts';
import { openSqlite } from './sqlite-client.ts';
import type { World } from './world.ts';

interface Process {
  readonly life: Life;
  readonly hubLog: HubLog;
  readonly fetch: (request: Request) => Response | Promise<Response>;
  readonly setupToken: string | undefined;
}

/** One hub: its file, its processes one after the other, and the copies of the file that somebody made. */
export class HubHost implements Answering {
  readonly #world: World;
  readonly #path: string;
  readonly #durable: boolean;
  readonly #dice;
  #writer: LibsqlClient | undefined;
  #reader: LibsqlClient | undefined;
  #process: Process | undefined;
  #requests = 0;
  /** Copies made while somebody synced. */
  #lately = 0;
  #life: Life | undefined;
  readonly #logged: string[] = [];

  /** @param durable as in production; otherwise without waiting for a disk */
  constructor(world: World, folder: string, durable: boolean) {
    this.#world = world;
    this.#dice = world.dice();
    this.#path = join(folder, 'hub.db');
    this.#durable = durable;
  }

  async open(): Promise<void> {
    if (this.#durable) {
      const settings = ['journal_mode = TRUNCATE', 'synchronous = FULL', 'foreign_keys = ON'];
      this.#writer = await this.#connect(settings);
      this.#reader = await this.#connect(['query_only = ON']);
    } else {
      this.#writer = openSqlite(this.#path);
      this.#reader = this.#writer;
    }
  }

  close(): void {
    this.#life?.kill();
    this.#process = undefined;
    this.#disconnect();
  }

  #disconnect(): void {
    if (this.#reader !== this.#writer) this.#reader?.close();
    this.#writer?.close();
    this.#reader = undefined;
    this.#writer = undefined;
  }

  /** The process that runs, to do what only the hub's own terminal does. */
  get process(): Process | undefined {
    return this.#process;
  }

  /** Begins a process; it may die before it is ready, and is then begun again like any other that died. */
  async start(): Promise<void> {
    const { scheduler, faults } = this.#world;
    const life = new Life('hub');
    this.#life = life;
    if (!faults.stopped && this.#dice.chance(0.7)) life.diesIn = this.#dice.int(1, 1200);
    life.onDeath(() => {
      if (this.#life !== life) return;
      if (life.diesIn <= 0) faults.count('hub crash');
      this.#process = undefined;
      scheduler.start(async () => {
        await scheduler.wait(this.#world.people, this.#dice.int(500, 20_000), 'starts the hub again');
        if (this.#life === life) await this.start();
      });
    });
    scheduler.start(async () => {
      this.#process = await this.#boot(life);
      this.#world.scheduler.note('hub', 'is ready');
      await this.checkRecords();
    });
  }

  /** Until a process is ready. */
  async ready(): Promise<Process> {
    while (this.#process === undefined) await this.#world.pause(1000, 'waits for the hub');
    return this.#process;
  }

  /** The worst moments to lose what was written: between a device's look at the hub and its push, and behind the push. */
  async handle(question: Question): Promise<Reply> {
    const { faults } = this.#world;
    if (faults.stopped || !question.path.startsWith(`${pathOfApi}/sync/`)) return this.#answer(question);
    if (this.#dice.chance(0.05)) this.backUp(`lately ${(this.#lately += 1) % 3}`);
    if (this.#lately < 3 || !question.path.endsWith('/push')) return this.#answer(question);
    const lately = `lately ${this.#dice.int(0, 2)}`;
    if (faults.strikes('hub restored before a push', 0.01)) {
      await this.restore(lately);
      await this.ready();
    }
    if (!faults.strikes('hub restored behind a push', 0.01)) return this.#answer(question);
    const copy = this.#dice.chance(0.5) ? lately : 'a moment ago';
    this.backUp('a moment ago');
    const reply = await this.#answer(question);
    await this.restore(copy);
    return reply;
  }

  async #answer(question: Question): Promise<Reply> {
    const process = this.#process;
    if (process === undefined) throw new Error('connection refused');
    const { rules } = this.#world;
    const { path } = question;
    const response = await new Promise<Response>((resolve, reject) => {
      process.life.onDeath(() => reject(new Error('connection reset')));
      Promise.resolve(process.fetch(requestOf(question)))
        .catch((thrown: unknown) => {
          rules.check('the hub does not break down', false, () => `${path}: it throws ${String(thrown)}`);
          throw thrown;
        })
        .then(resolve, reject);
    });
    const { status, headers } = response;
    const said = await response.text();
    const reply: Reply = { status, headers, text: said };
    if (status >= 500) {
      const isExpected = said.includes('storage.full') || said.includes('sync.slow-down');
      rules.check('the hub does not break down', isExpected, () => `${path}: ${said} ${this.#logged.at(-1)}`);
    } else if (response.ok && path === `${pathOfApi}/sync/push`) {
      rules.hubRefused(answerOf(reply).json['rejected'] as { h: string; code: string }[]);
    } else if (response.ok && path === `${pathOfApi}/sync/pull`) {
      const page = answerOf(reply).json as unknown as PullAnswer;
      const entries = page.entries.map(({ entry: { prev }, place: { h, index } }) => ({ h, prev, index }));
      const bodies = new Set(page.bodies.map(({ bodyHash }) => bodyHash));
      const readKinds = page.entries.flatMap(({ entry }) =>
        bodies.has(entry.bodyHash ?? '') ? [entry.kind] : [],
      );
      rules.pageSent(
        { epoch: page.epoch, readKinds, entries },
        (JSON.parse(question.text ?? '') as { cursor: number }).cursor,
      );
    }
    return reply;
  }

  /** From now on it lives. */
  spare(): void {
    if (this.#life !== undefined) this.#life.diesIn = Infinity;
  }

  /** A copy of the file, as a nightly job makes it. */
  backUp(name: string): void {
    copyFileSync(this.#path, `${this.#path}.${name}`);
  }

  /** Puts a copy in the place of the file; whatever came after it is gone from the hub. */
  async restore(name: string): Promise<void> {
    const { rules, scheduler, faults } = this.#world;
    scheduler.note('hub', `is restored from ${name}`);
    faults.count('hub restored');
    const life = this.#life;
    this.#life = undefined;
    life?.kill();
    this.#process = undefined;
    this.#disconnect();
    rmSync(`${this.#path}-journal`, { force: true });
    copyFileSync(`${this.#path}.${name}`, this.#path);
    await this.open();
    rules.hubRestored(await this.order());
    await this.start();
  }

  /** Names in the order of the hub, from its own tables. */
  async order(): Promise<string[]> {
    const rows = await this.#newEntries(-1);
    return rows.map(({ h }) => h);
  }

  /** Entries that an administrator could release. */
  async waiting(): Promise<string[]> {
    const { rows } = await this.#reader!.execute('SELECT key, clear FROM folded_quarantine ORDER BY key');
    return rows.flatMap(({ key, clear }) => (textOf(clear).includes('"released":true') ? [] : [textOf(key)]));
  }

  async checkRecords(): Promise<void> {
    this.#world.rules.hubHolds(await this.order());
  }

  /** Past the process, for whoever looks at the hub from outside. */
  database(): Database {
    return createLibsqlDatabase({
      writer: this.#writer!,
      reader: this.#reader!,
      breathe: async () => undefined,
      isShared: true,
    });
  }

  async #connect(settings: readonly string[]): Promise<LibsqlClient> {
    const client = createClient({ url: `file:${this.#path}`, concurrency: 1 });
    for (const setting of settings) await client.execute(`PRAGMA ${setting}`);
    return client;
  }

  async #newEntries(after: number): Promise<{ h: string; prev: string | null; index: number }[]> {
    const { rows } = await this.#reader!.execute({
      sql: `SELECT lower(hex(h)) AS h, lower(hex(prev)) AS prev, place FROM entries
        WHERE place > ? ORDER BY place`,
      args: [after],
    });
    return rows.map((row) => ({
      h: textOf(row['h']),
      prev: textOf(row['prev']) || null,
      index: Number(row['place']) % 2 ** 32,
    }));
  }

  async #boot(life: Life): Promise<Process> {
    const world = this.#world;
    const { scheduler, faults, rules } = world;
    const dice = this.#dice;
    const parts = { scheduler, dice, faults, life };
    const writer = this.#writer!;
    const watched: LibsqlClient = {
      execute: (...args: Parameters<LibsqlClient['execute']>) => writer.execute(...args),
      batch: async (...args: Parameters<LibsqlClient['batch']>) => {
        const results = await writer.batch(...args);
        const isLog = args[0].some(
          (statement) =>
            typeof statement === 'object' && 'sql' in statement && statement.sql.includes('INTO entries'),
        );
        if (isLog) rules.hubStored(await this.#newEntries(2 ** 32 + rules.order.length - 1));
        return results;
      },
      close: () => undefined,
    };
    const database = createLibsqlDatabase({
      writer: faultyClient(watched, parts),
      reader: faultyClient(this.#reader!, parts),
      breathe: () => scheduler.wait(life, 0, 'breathes'),
      isShared: false,
    });
    await migrate(database);
    const rootKey = await openRootKey(database, sealer, () => randomBytes(32), simulatedSigner);
    const hubLog = createHubLog({
      database,
      sealer,
      crypto: simulatedCrypto,
      rootKey,
      signerOf: simulatedSigner,
      startSha256: runningSha256,
      program: 'fieldray simulated',
      randomBytes,
      wallClock: () => world.now,
    });
    const accounts = createAccounts(
      {
        database,
        hubLog,
        sealer,
        logCrypto: simulatedCrypto,
        now: () => world.now,
        random: randomBytes,
        newId: randomUuid,
      },
      {
        registration: 'approval',
        // The real one takes 20 ms and 19 MiB, and is tested elsewhere.
        argon2id: async (password, salt) => createHash('sha256').update(salt).update(password).digest(),
        limits: { spend: async () => 'counted', forgive: async () => undefined },
      },
    );
    const app = createApp({
      pool: fakePool(),
      readiness: { status: () => 'ok', models: () => [aModelStatus] },
      log: ({ status, error }) => {
        if (status >= 500) this.#logged.push(error ?? '');
      },
      version: 'simulated',
      maxUploadBytes: 1_000_000,
      newRequestId: () => `request-${(this.#requests += 1)}`,
      now: () => scheduler.now,
      wallClock: () => new Date(world.now),
      accounts,
      authenticate: accounts.sessions.authenticate,
      denied: ({ member: { clinic, userId }, endpoint }) =>
        accounts.denials.note({ clinic, actor: userId, who: userId, why: endpoint }),
      hubLog,
      auditLog: hubLog.audit,
      // No pixels travel here: they have a campaign of their own.
      blobs: refusing(),
      hostNames: [],
      clientAddress: () => '192.0.2.1',
      overTls: false,
    });
    return {
      life,
      hubLog,
      fetch: (request) => app.fetch(request),
      setupToken: await accounts.users.openSetup(),
    };
  }
}

/** A part that nothing here asks for. */
function refusing(): never {
  const get = (): never => {
    throw new TypeError('nobody asks for this here');
  };
  return new Proxy({}, { get }) as never;
}
