import type { z } from 'zod';
import { fromHex, toHex } from '../../../shared/kernel/bytes.ts';
import { isExtension } from '../../../shared/log/check-proof.ts';
import { PullAnswer, type PulledEntry, syncProtocol } from '../../../shared/log/exchange.ts';
import { appendLeaves, emptyFrontier, leafHash, rootOf } from '../../../shared/log/merkle.ts';
import { nodeCrypto } from '../../../server/keys/node-crypto.ts';
import { type AskHub, mustAnswer } from '../load/ask-hub.ts';
import type { SignedInDevice } from '../load/signed-in-device.ts';

type Pulled = z.infer<typeof PulledEntry>;

/** Pulls the clinic's log from its beginning over all lives of the hub, as a device does, and checks that it only grows. */
export interface Observer {
  readonly entries: readonly Pulled[];
  readonly bodies: ReadonlyMap<string, string>;
  /** @returns what is wrong */
  pull(ask: AskHub): Promise<string[]>;
}

export function createObserver(signedIn: SignedInDevice): Observer {
  const entries: Pulled[] = [];
  const bodies = new Map<string, string>();
  let frontier = emptyFrontier;
  let last: PullAnswer | undefined;

  function check(answer: PullAnswer): string[] {
    const problems: string[] = [];
    const { checkpoint, proof } = answer;
    if (last !== undefined && last.epoch !== answer.epoch) problems.push('the hub drew a new epoch');
    const tree = ({ size, root }: typeof checkpoint) => ({ size, root: fromHex(root) });
    if (last !== undefined && last.checkpoint.size > 0) {
      const isLonger = isExtension(tree(last.checkpoint), tree(checkpoint), proof.map(fromHex), nodeCrypto);
      if (!isLonger)
        problems.push(`the tree of ${checkpoint.size} does not extend that of ${last.checkpoint.size}`);
    }
    for (const [at, { place }] of answer.entries.entries()) {
      if (place.index !== entries.length + at)
        problems.push(`index ${place.index} in place of ${entries.length + at}`);
    }
    return problems;
  }

  return {
    entries,
    bodies,
    async pull(ask) {
      const problems: string[] = [];
      for (;;) {
        const request = {
          protocol: syncProtocol,
          epoch: last?.epoch ?? null,
          cursor: entries.length,
          limit: 500,
          bodies: true,
          verified: last?.checkpoint ?? null,
        };
        const answered = mustAnswer(ask('POST', '/sync/pull', request, signedIn.accessToken()));
        const answer = PullAnswer.parse(await answered);
        problems.push(...check(answer));
        last = answer;
        entries.push(...answer.entries);
        for (const { bodyHash, text } of answer.bodies) bodies.set(bodyHash, text);
        const leaves = answer.entries.map(({ place }) => leafHash(place, nodeCrypto));
        frontier = appendLeaves(frontier, leaves, nodeCrypto).frontier;
        if (answer.end && entries.length === answer.checkpoint.size) break;
      }
      if (toHex(rootOf(frontier, nodeCrypto)) !== last.checkpoint.root)
        problems.push('entries and tree differ');
      return problems;
    },
  };
}
