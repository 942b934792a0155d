import { concatBytes } from '../../shared/kernel/bytes.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { createSerialQueue } from '../../shared/kernel/serial-queue.ts';
import type { VaultStore } from '../data/vault-store.ts';
import type { PasskeyQuestion, PasskeySecret } from '../engine/records-api.ts';
import { derive, deriveAnew, type DerivationTools, leastMs, leastParameters } from './key-derivation.ts';
import { createPatience } from './patience.ts';
import {
  parseVaultFile,
  type Person,
  personIndex,
  readVaultFile,
  type VaultFile,
  vaultFileName,
} from './vault-file.ts';
import { importVaultKeys, rawKeyBytes, rawKeysBytes, type VaultKeys } from './vault-keys.ts';
import { unwrap, unwrapForRecovery, wrap, wrapForRecovery } from './wrap.ts';

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

export interface VaultClinic {
  readonly id: string;
  /** Its public key for recovery, where it has one. */
  readonly recovery?: string | undefined;
}

export interface VaultParts extends DerivationTools {
  readonly store: VaultStore;
}

/**
 * One key seals what this device keeps; it lies here only wrapped, once for each person who shares the device. Nothing is kept
 * in memory between two calls but how long to wait after wrong passwords.
 */
export interface Vault {
  /** Whose records are kept here; undefined where there is no vault yet. */
  clinic(): Promise<string | undefined>;
  /** Whether there is one that can be read. */
  exists(): Promise<boolean>;
  /** Whether somebody of this address shares the device. */
  knows(email: string): Promise<boolean>;
  /** The first person, who has just been let in by the hub. */
  create(who: Credentials, clinic: VaultClinic): Promise<VaultKeys>;
  /**
   * @throws AppError `vault.none`; `account.wrong-credentials`, which costs as much as the right ones;
   * `account.too-many-attempts` with `details.retryAfterMs`
   */
  unlock(who: Credentials): Promise<VaultKeys>;
  /**
   * Another person, or another password of one of them, whom the hub has just let in.
   * @param opener the earlier password, or somebody who shares the device. @throws AppError as `unlock`
   */
  admit(who: Credentials, opener: Credentials): Promise<VaultKeys>;
  /** What the passkeys of this device are asked about. */
  passkeys(): Promise<readonly PasskeyQuestion[]>;
  addPasskey(who: Credentials, passkey: PasskeyQuestion & PasskeySecret): Promise<void>;
  /** @throws AppError `account.wrong-credentials` */
  unlockWithPasskey(passkey: PasskeySecret): Promise<VaultKeys>;
  /** With the clinic's private key, for somebody whom the hub has just let in. @throws AppError `account.wrong-credentials` */
  recover(who: Credentials, key: CryptoKey): Promise<VaultKeys>;
}

const passwordPlace = (index: string): string => `vault.password:1\n${index}`;
const passkeyPlace = (index: string, credential: string): string =>
  `vault.passkey:1\n${index}\n${credential}`;

/** Attempts for people who are not known here are counted together. */
const strangers = 'others';

const wrong = (): AppError => new AppError('account.wrong-credentials', 'the vault does not open with that');

export function openVault({ store, ...tools }: VaultParts): Vault {
  const patience = createPatience(store, tools.monotonic);
  // One password at a time: nobody gets around the waiting by asking twice at once.
  const queue = createSerialQueue();

  async function file(): Promise<VaultFile> {
    const held = await readVaultFile(store);
    if (held === undefined) throw new AppError('vault.none', 'there is no vault yet');
    return held;
  }

  async function passwordWrap(index: string, password: string, raw: Uint8Array): Promise<Person['password']> {
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const { secret, parameters, tookMs } = await deriveAnew(password, salt, tools);
    return { salt, parameters, tookMs, sealed: await wrap(raw, secret, passwordPlace(index)) };
  }

  /** @param change has to be without a wait: others may write at the same time */
  const changeFile = (change: (held: VaultFile) => VaultFile): Promise<void> =>
    store.update(vaultFileName, (held) => {
      const now = parseVaultFile(held);
      if (now === undefined) throw new AppError('vault.none', 'the vault is gone');
      return change(now);
    });

  const putPerson = (person: Person): Promise<void> =>
    changeFile((held) => ({
      ...held,
      people: [...held.people.filter(({ index }) => index !== person.index), person],
    }));

  /** The raw keys; whoever asks for them overwrites them afterwards. */
  async function opened({ email, password }: Credentials): Promise<{ raw: Uint8Array; person: Person }> {
    const { people, salt } = await file();
    const index = await personIndex(email, salt);
    const person = people.find((one) => one.index === index);
    const counter = person === undefined ? strangers : index;
    const retryAfterMs = await patience.remaining(counter);
    if (retryAfterMs > 0) {
      throw new AppError('account.too-many-attempts', 'wrong passwords were given', {
        details: { retryAfterMs },
      });
    }
    await patience.count(counter);
    const { parameters } = person?.password ?? { parameters: leastParameters };
    const { secret, tookMs } = await derive(password, person?.password.salt ?? salt, parameters, tools);
    const raw = person && (await unwrap(person.password.sealed, secret, passwordPlace(index)));
    if (person === undefined || raw === undefined) {
      patience.failed(counter);
      throw wrong();
    }
    await patience.forgive(counter);
    if (tookMs >= leastMs) return { raw, person };
    // A faster machine than the one that made it, or one that was busy then.
    const better = { ...person, password: await passwordWrap(index, password, raw) };
    await putPerson(better);
    return { raw, person: better };
  }

  async function used(raw: Uint8Array, person: string): Promise<VaultKeys> {
    try {
      return await importVaultKeys(raw, person);
    } finally {
      raw.fill(0);
    }
  }

  /** A person with the vault's key and an own one: the one that the person has, or a new one. */
  async function enter(
    { email, password }: Credentials,
    vaultKey: Uint8Array,
    own?: Person & { raw: Uint8Array },
  ) {
    const { salt } = await file();
    const index = await personIndex(email, salt);
    const ownKey = own?.raw.slice(rawKeyBytes) ?? crypto.getRandomValues(new Uint8Array(rawKeyBytes));
    const raw = concatBytes(vaultKey, ownKey);
    const passkeys = own?.passkeys ?? [];
    await putPerson({ index, password: await passwordWrap(index, password, raw), passkeys });
    await patience.forgive(index);
    return used(raw, index);
  }

  return {
    clinic: async () => (await readVaultFile(store))?.clinic,

    async exists() {
      try {
        return (await readVaultFile(store)) !== undefined;
      } catch (error) {
        if (error instanceof AppError && error.code === 'storage.damaged') return false;
        throw error;
      }
    },

    async knows(email) {
      const { people, salt } = await file();
      const wanted = await personIndex(email, salt);
      return people.some(({ index }) => index === wanted);
    },

    create: (who, { id: clinic, recovery }) =>
      queue.run(async () => {
        const salt = crypto.getRandomValues(new Uint8Array(16));
        const raw = crypto.getRandomValues(new Uint8Array(rawKeysBytes));
        const index = await personIndex(who.email, salt);
        const first: VaultFile = {
          format: 1,
          clinic,
          salt,
          people: [{ index, password: await passwordWrap(index, who.password, raw), passkeys: [] }],
          ...(recovery !== undefined && {
            recovery: await wrapForRecovery(raw.slice(0, rawKeyBytes), recovery),
          }),
        };
        await store.update(vaultFileName, (held) => {
          if (held !== undefined) throw new AppError('vault.needs-opener', 'another window made a vault');
          return first;
        });
        return used(raw, index);
      }),

    unlock: (who) =>
      queue.run(async () => {
        const { raw, person } = await opened(who);
        return used(raw, person.index);
      }),

    admit: (who, opener) =>
      queue.run(async () => {
        const { raw, person } = await opened(opener);
        try {
          const isSame = person.index === (await personIndex(who.email, (await file()).salt));
          return await enter(who, raw.slice(0, rawKeyBytes), isSame ? { ...person, raw } : undefined);
        } finally {
          raw.fill(0);
        }
      }),

    passkeys: async () =>
      ((await readVaultFile(store))?.people ?? []).flatMap(({ passkeys }) =>
        passkeys.map(({ credential, salt }) => ({ credential, salt })),
      ),

    addPasskey: (who, { credential, salt, secret }) =>
      queue.run(async () => {
        const { raw, person } = await opened(who);
        const sealed = await wrap(raw, secret, passkeyPlace(person.index, credential));
        raw.fill(0);
        const others = person.passkeys.filter((one) => one.credential !== credential);
        await putPerson({
          ...person,
          passkeys: [...others, { credential, salt: new Uint8Array(salt), sealed }],
        });
      }),

    unlockWithPasskey: ({ credential, secret }) =>
      queue.run(async () => {
        for (const { index, passkeys } of (await file()).people) {
          const passkey = passkeys.find((one) => one.credential === credential);
          const raw = passkey && (await unwrap(passkey.sealed, secret, passkeyPlace(index, credential)));
          if (raw !== undefined) return used(raw, index);
        }
        throw wrong();
      }),

    recover: (who, key) =>
      queue.run(async () => {
        const { recovery } = await file();
        const vaultKey = recovery && (await unwrapForRecovery(recovery, key));
        if (vaultKey === undefined) throw wrong();
        return enter(who, vaultKey);
      }),
  };
}
