import { randomBytes } from 'node:crypto';
import { toHex } from '../../../shared/kernel/bytes.ts';
import type { SignedHead } from '../../../shared/log/entry.ts';
import { appendLeaves, leafHash, rootOf } from '../../../shared/log/merkle.ts';
import type { Records } from '../../../server/entry/compose-records.ts';
import { nodeCrypto, signerOf } from '../../../server/keys/node-crypto.ts';
import { nameEntry } from '../../../server/store/log/prepare-push.ts';
import { insertEntries, type PlacedEntry } from '../../../server/store/log/insert-entries.ts';
import { placeOf } from '../../../server/store/log/places.ts';
import { openRootKey } from '../../../server/store/log/root-key.ts';
import { insertBodies } from '../../../server/store/log/stored-bodies.ts';
import { insertNodes } from '../../../server/store/log/tree-nodes.ts';
import {
  type GrowingTree,
  insertCheckpoint,
  loadFrontier,
  readTree,
  signCheckpoint,
} from '../../../server/store/log/tree-state.ts';
import type { SignedInDevice } from '../../hub-log/load/signed-in-device.ts';
import { writeRecord } from '../../hub-log/load/write-record.ts';

const perHead = 500;
const perGroup = 2000;

/** Entries of one device under a signed head each so often, as a hub would place them. */
async function placedGroup(
  { device }: SignedInDevice,
  state: GrowingTree,
  from: number,
  count: number,
): Promise<PlacedEntry[]> {
  const recvAt = Date.now();
  const placed: PlacedEntry[] = [];
  for (let first = 0; first < count; first += perHead) {
    const written = Array.from({ length: Math.min(perHead, count - first) }, (_, at) =>
      writeRecord(device, from + first + at),
    );
    const last = written.at(-1)!;
    const head: SignedHead = await device.head(last);
    for (const one of written) {
      const index = state.frontier.size + placed.length;
      placed.push({
        ...nameEntry(one.entry, nodeCrypto),
        body: one.body,
        coveredBy: last.h,
        head: one === last ? head : null,
        index,
        place: placeOf(state.tree, index),
        effTs: one.entry.ts[0],
        recvAt,
      });
    }
  }
  return placed;
}

/**
 * Fills a clinic's log through the parts of the store that write entries, heads, bodies, nodes and checkpoints, and leaves
 * out what they wait for in a push: checks of the entries that it has just made, and the fold.
 */
export async function fillLog(
  { database, vault }: Pick<Records, 'database' | 'vault'>,
  signedIn: SignedInDevice,
  entries: number,
  say: (done: number) => void,
): Promise<void> {
  const rootKey = await openRootKey(database, vault, () => randomBytes(32), signerOf);
  const begun = await readTree(database, signedIn.clinic);
  if (begun === undefined) throw new TypeError('a clinic has a log before it is filled');
  let state = await loadFrontier(database, begun, nodeCrypto);
  for (let done = 0; done < entries; done += perGroup) {
    const placed = await placedGroup(signedIn, state, done, Math.min(perGroup, entries - done));
    const leaves = placed.map((entry) => leafHash(entry, nodeCrypto));
    const { frontier, nodes } = appendLeaves(state.frontier, leaves, nodeCrypto);
    const { clinic, epoch } = state.checkpoint;
    const root = toHex(rootOf(frontier, nodeCrypto));
    const unsigned = { clinic, epoch, size: frontier.size, root, at: Date.now() };
    const checkpoint = await signCheckpoint(unsigned, rootKey);
    state = { tree: state.tree, no: state.no + 1, frontier, checkpoint };
    const bodies = placed.flatMap(({ place, h, body }) => (body === null ? [] : [{ place, h, body }]));
    await database.write([
      insertCheckpoint(state),
      ...insertEntries(placed),
      insertNodes(state.tree, nodes),
      insertBodies(bodies, vault),
    ]);
    say(done + placed.length);
  }
}
