import { z } from 'zod';
import type { VaultStore } from '../data/vault-store.ts';

const itemName = 'locks';
const Count = z.int().nonnegative().catch(0);

/** How often this device was locked, by whichever window: what was opened before the last time counts no more. */
export function lockCount(store: VaultStore): {
  read(): Promise<number>;
  raise(): Promise<void>;
} {
  return {
    read: async () => Count.parse(await store.get(itemName)),
    raise: () => store.update(itemName, (held) => Count.parse(held) + 1),
  };
}
