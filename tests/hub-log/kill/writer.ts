import { PushAnswer } from '../../../shared/log/exchange.ts';
import type { PushRequest } from '../../../shared/log/exchange.ts';
import type { Placement, Receipt } from '../../../shared/log/checkpoint.ts';
import type { AskHub } from '../load/ask-hub.ts';
import type { SignedInDevice } from '../load/signed-in-device.ts';
import { writeRecord } from '../load/write-record.ts';
import { pushOf, type Written } from '../log-device.ts';

/** What the hub has acknowledged. */
export interface Acknowledged {
  readonly placements: Map<string, Placement>;
  readonly bodyHashes: Set<string>;
  /** The last one of each writer. */
  readonly receipts: Map<string, Receipt>;
}

export interface Writer {
  /** Pushes, one after the other, until the hub is gone. What was not acknowledged is pushed again first. */
  work(ask: AskHub): Promise<void>;
  /** Entries of the push that was under way when the hub went. */
  underWay(): readonly Written[];
}

const most = 20;

export function createWriter(
  signedIn: SignedInDevice,
  random: () => number,
  acknowledged: Acknowledged,
): Writer {
  const { device } = signedIn;
  let count = 0;
  let outbox: { readonly written: readonly Written[]; readonly request: PushRequest } | undefined;

  async function newPush(): Promise<NonNullable<typeof outbox>> {
    const length = 1 + Math.floor(random() ** 2 * most);
    const written = Array.from({ length }, () => writeRecord(device, count++));
    return { written, request: await pushOf(device, written) };
  }

  function keep({ stored, receipt, rejected }: PushAnswer, written: readonly Written[]): void {
    if (stored.length !== written.length || receipt === undefined) {
      throw new Error(
        `of ${written.length} entries ${stored.length} were stored: ${JSON.stringify(rejected)}`,
      );
    }
    for (const placement of receipt.placements) acknowledged.placements.set(placement.h, placement);
    for (const { body } of written) if (body !== null) acknowledged.bodyHashes.add(body.bodyHash);
    acknowledged.receipts.set(device.id, receipt);
  }

  return {
    underWay: () => outbox?.written ?? [],
    async work(ask) {
      for (;;) {
        outbox ??= await newPush();
        const { written, request } = outbox;
        let answer;
        try {
          answer = await ask('POST', '/sync/push', request, signedIn.accessToken());
        } catch {
          return;
        }
        if (answer.status !== 200) throw new Error(`a push was answered ${JSON.stringify(answer)}`);
        keep(PushAnswer.parse(answer.json), written);
        outbox = undefined;
      }
    },
  };
}
