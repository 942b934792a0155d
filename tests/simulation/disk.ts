import type { DeviceIdentity } from '../../shared/log/device-store.ts';
import type { DeviceTables, TableChanges } from '../../shared/log/device-tables.ts';

/** Makes empty tables for a device that has just been enrolled. */
export type MakeTables = (identity: DeviceIdentity) => Promise<DeviceTables>;

/** What is left of a device when its programs are dead: the tables, and how they came to be. */
export class Disk {
  readonly tables: DeviceTables;
  readonly identity: DeviceIdentity;
  readonly #make: MakeTables;
  readonly #commits: TableChanges[];
  /** Names of all entries that it holds. */
  readonly names = new Set<string>();

  private constructor(
    make: MakeTables,
    identity: DeviceIdentity,
    tables: DeviceTables,
    commits: TableChanges[],
  ) {
    this.tables = tables;
    this.identity = identity;
    this.#make = make;
    this.#commits = commits;
    for (const changes of commits) this.#note(changes);
  }

  #note({ entries = [] }: TableChanges): void {
    for (const { h } of entries) this.names.add(h);
  }

  static async empty(make: MakeTables, identity: DeviceIdentity): Promise<Disk> {
    return new Disk(make, identity, await make(identity), []);
  }

  /** As `DeviceTables` has it, and remembered. */
  async commit(changes: TableChanges, version: number): Promise<boolean> {
    const done = await this.tables.commit(changes, version);
    if (done) {
      this.#commits.push(changes);
      this.#note(changes);
    }
    return done;
  }

  /** How far it has come; a number for `asItWas`. */
  get age(): number {
    return this.#commits.length;
  }

  /** Another disk with what this one held at that age. */
  async asItWas(age: number): Promise<Disk> {
    const tables = await this.#make(this.identity);
    const commits = this.#commits.slice(0, age);
    for (const changes of commits) {
      const { version } = await tables.state();
      if (!(await tables.commit(changes, version))) throw new TypeError('nobody else writes here');
    }
    return new Disk(this.#make, this.identity, tables, commits);
  }
}
