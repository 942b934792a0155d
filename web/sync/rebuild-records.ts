import { AppError } from '../../shared/kernel/errors.ts';
import { aesSealer } from '../vault/aes-sealer.ts';
import { newSigningKey, importSigner } from '../vault/signing-key.ts';
import { deviceItem, personItem } from '../vault/vault-items.ts';
import type { VaultKeys } from '../vault/vault-keys.ts';
import { forgetMark } from './damage-watch.ts';
import { enrolAtHub } from './enrol-device.ts';
import { openHubSession } from './hub-session.ts';
import { keepSecrets } from './keep-secrets.ts';
import { openRecords, type OpenRecords, type RecordsParts } from './open-records.ts';
import { locks } from './windows.ts';

/**
 * Makes the records anew, with the session that the vault holds: the hub gives them again, the sync sends what could still be
 * read. The device gets a new key, for where its chain ended is not known. Ended anywhere in between, it is simply done again.
 * @throws AppError `network.unreachable`, `account.signed-out` where the person has to sign in
 */
export async function rebuildRecords(keys: VaultKeys, parts: RecordsParts): Promise<OpenRecords> {
  const { vaultStore, fetch, exclusively } = parts;
  const item = personItem(vaultStore, keys);
  const before = await deviceItem(vaultStore, keys).read();
  const person = await item.read();
  if (person === undefined || before === undefined) {
    throw new AppError('account.signed-out', 'this person has not signed in here yet');
  }
  const accessToken = await openHubSession(fetch, item, exclusively).renew();
  const held = (await item.read()) ?? person;
  const signedIn = { account: held.account, accessToken, refreshToken: held.refreshToken };
  const raw = await newSigningKey();
  const answer = await enrolAtHub(fetch, signedIn, await importSigner(raw), before.name ?? 'A device');
  if (before.rootKey !== answer.rootKey) {
    throw new AppError('log.hub-inconsistent', 'this is not the hub with which the device was enrolled');
  }
  const identity = { clinic: before.clinic, device: answer.device, rootKey: answer.rootKey };
  await keepSecrets(keys, { identity, raw, answer, signedIn, before, name: before.name }, parts);
  await makeAnew(keys, identity, parts);
  return openRecords(keys, parts, { accessToken: answer.accessToken, identity });
}

/** After the secrets are kept: what was made for another key is made again. */
export async function makeAnew(
  keys: VaultKeys,
  identity: Parameters<RecordsParts['home']['makeAnew']>[0],
  { home, vaultStore, exclusively }: RecordsParts,
): Promise<void> {
  await exclusively(locks.append, () => home.makeAnew(identity, aesSealer(keys.records)));
  await forgetMark(vaultStore);
}
