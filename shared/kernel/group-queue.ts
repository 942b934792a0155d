/**
 * What waits together is done together, group after group. The first that waits leads: it makes the promise of its group,
 * and the others wait for that one. Nobody's promise is ever settled by another caller's code, because there are hosts
 * (Cloudflare Workers) on which a request that waits for such a promise is ended as hung.
 */
export interface GroupQueue<Item, Outcome> {
  /** What `run` says of the item; rejects with what it throws for the whole group. */
  submit(item: Item): Promise<Outcome>;
  /** Resolves when nothing is waiting or running any more. */
  idle(): Promise<void>;
}

export interface GroupQueueOptions<Item, Outcome> {
  /**
   * One outcome for each item, in their order. Not called while an earlier call has not settled, unless that one calls
   * `letNext`: true when a group waits behind it, which then begins; when none does, nothing happens.
   */
  readonly run: (items: readonly Item[], letNext: () => boolean) => Promise<readonly Outcome[]>;
  readonly sizeOf: (item: Item) => number;
  /** A group takes no more than this, unless it is a single item. */
  readonly mostSize: number;
  /** Waited for before each group, so that others can join it. */
  readonly breathe?: () => Promise<void>;
}

interface Group<Item, Outcome> {
  readonly items: Item[];
  size: number;
  outcomes: Promise<readonly Outcome[]>;
}

export function createGroupQueue<Item, Outcome>({
  run,
  sizeOf,
  mostSize,
  breathe = () => Promise.resolve(),
}: GroupQueueOptions<Item, Outcome>): GroupQueue<Item, Outcome> {
  let forming: Group<Item, Outcome> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let allEnded: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  async function lead(
    group: Group<Item, Outcome>,
    before: Promise<unknown>,
    release: () => void,
  ): Promise<readonly Outcome[]> {
    await before;
    await breathe();
    // From here on nobody joins; a fuller group may have been begun behind this one.
    if (forming === group) forming = undefined;
    waiting--;
    return run(group.items, () => {
      if (waiting > 0) release();
      return waiting > 0;
    });
  }

  function begin(): Group<Item, Outcome> {
    const group: Group<Item, Outcome> = { items: [], size: 0, outcomes: Promise.resolve([]) };
    const released = Promise.withResolvers<void>();
    waiting++;
    group.outcomes = lead(group, last, released.resolve);
    // The next group must not inherit the failure.
    const ended = group.outcomes.catch(() => undefined);
    last = Promise.race([released.promise, ended]);
    allEnded = Promise.all([allEnded, ended]);
    return group;
  }

  return {
    async submit(item) {
      const size = sizeOf(item);
      if (forming === undefined || forming.size + size > mostSize) forming = begin();
      const group = forming;
      const at = group.items.push(item) - 1;
      group.size += size;
      const outcomes = await group.outcomes;
      if (outcomes.length !== group.items.length)
        throw new TypeError('there must be one outcome for each item');
      return outcomes[at]!;
    },
    async idle() {
      let waitedFor: Promise<unknown>;
      do {
        waitedFor = allEnded;
        await waitedFor;
      } while (waitedFor !== allEnded);
    },
  };
}
