import { z } from 'zod';
import { toHex, utf8 } from '../../shared/kernel/bytes.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { RecordId } from '../../shared/log/names.ts';
import type { VaultStore } from '../data/vault-store.ts';

const Sealed = z.instanceof(ArrayBuffer);
const Salt = z.instanceof(Uint8Array).refine(({ length }) => length === 16);

const PasswordWrap = z.object({
  salt: Salt,
  parameters: z.object({ memoryKib: z.int().positive(), passes: z.int().positive() }),
  /** How long it took when it was made. */
  tookMs: z.number(),
  sealed: Sealed,
});

const PasskeyWrap = z.object({
  /** Base64url. */
  credential: z.string(),
  /** What the passkey is asked about. */
  salt: z.instanceof(Uint8Array),
  sealed: Sealed,
});

/** A person who shares the device. Each wrap holds the same: the vault's key and the person's own, 32 bytes each. */
const Person = z.object({
  /** `personIndex`: nobody's address lies here in clear. */
  index: z.string(),
  password: PasswordWrap,
  passkeys: z.array(PasskeyWrap),
});
export type Person = z.infer<typeof Person>;

/** How the vault is opened. It holds no secret and no name. */
export const VaultFile = z.object({
  format: z.literal(1),
  /** Whose records are kept here. */
  clinic: RecordId,
  salt: Salt,
  people: z.array(Person).min(1),
  /** The vault's key for the clinic. */
  recovery: z.object({ to: z.string(), ephemeral: z.string(), sealed: Sealed }).optional(),
});
export type VaultFile = z.infer<typeof VaultFile>;

export const vaultFileName = 'vault';

/** Undefined where there is no vault yet. @throws AppError `storage.newer`, `storage.damaged` */
export async function readVaultFile(store: VaultStore): Promise<VaultFile | undefined> {
  return parseVaultFile(await store.get(vaultFileName));
}

export function parseVaultFile(held: unknown): VaultFile | undefined {
  if (held === undefined) return undefined;
  const parsed = VaultFile.safeParse(held);
  if (parsed.success) return parsed.data;
  const { format } = z.object({ format: z.number() }).catch({ format: 0 }).parse(held);
  throw new AppError(format > 1 ? 'storage.newer' : 'storage.damaged', `a vault of format ${format}`);
}

/** What stands for a person's address: of use only to whoever has the address already. */
export async function personIndex(email: string, salt: Uint8Array): Promise<string> {
  const key = await crypto.subtle.importKey(
    'raw',
    new Uint8Array(salt),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  );
  const mac = await crypto.subtle.sign('HMAC', key, utf8(`vault.person:1\n${email.trim().toLowerCase()}`));
  return toHex(new Uint8Array(mac)).slice(0, 32);
}
