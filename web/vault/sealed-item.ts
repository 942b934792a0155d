import type { z } from 'zod';
import { utf8 } from '../../shared/kernel/bytes.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import type { VaultStore } from '../data/vault-store.ts';
import { aesSealer } from './aes-sealer.ts';

/** A small thing of the vault's store, sealed: read by its schema. */
export interface SealedItem<Value> {
  /** Undefined where there is none. @throws AppError `storage.sealed` with another key */
  read(): Promise<Value | undefined>;
  write(value: Value): Promise<void>;
}

export function sealedItem<Value>(
  store: VaultStore,
  key: CryptoKey,
  name: string,
  schema: z.ZodType<Value>,
): SealedItem<Value> {
  const sealer = aesSealer(key);
  const place = `vault.item:1\n${name}`;
  return {
    async read() {
      const sealed = await store.get(name);
      if (sealed === undefined) return undefined;
      if (!(sealed instanceof ArrayBuffer)) throw new AppError('storage.sealed', `${name} is not sealed`);
      const text = new TextDecoder('utf-8', { fatal: true }).decode(await sealer.open(sealed, place));
      return schema.parse(JSON.parse(text));
    },
    async write(value) {
      const sealed = await sealer.seal(utf8(JSON.stringify(value)), place);
      await store.update(name, () => sealed);
    },
  };
}
