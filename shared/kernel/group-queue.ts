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
  /** One outcome for each item, in their order. Never called while an earlier call has not settled. */
  readonly run: (items: readonly Item[]) => Promise<readonly Outcome[]>;
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

  async function lead(group: Group<Item, Outcome>, before: Promise<unknown>): Promise<readonly Outcome[]> {
    await before;
    await breathe();
    // From here on nobody joins; a fuller group may have been begun behind this one.
    if (forming === group) forming = undefined;
    return run(group.items);
  }

  function begin(): Group<Item, Outcome> {
    const group: Group<Item, Outcome> = { items: [], size: 0, outcomes: Promise.resolve([]) };
    group.outcomes = lead(group, last);
    // The next group must not inherit the failure.
    last = group.outcomes.catch(() => undefined);
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
        waitedFor = last;
        await waitedFor;
      } while (waitedFor !== last);
    },
  };
}
