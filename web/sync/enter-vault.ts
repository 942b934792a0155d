import type { EnrolAnswer } from '../../shared/api/devices.ts';
import { fromBase64Url } from '../../shared/kernel/bytes.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import type { DeviceState } from '../../shared/log/device-store.ts';
import type { SignInRequest } from '../engine/records-api.ts';
import { aesSealer } from '../vault/aes-sealer.ts';
import { readGrant } from '../../shared/api/read-grant.ts';
import { importSigner, newSigningKey, type RawSigningKey } from '../vault/signing-key.ts';
import type { Vault } from '../vault/vault.ts';
import { deviceItem, type DeviceSecrets, vaultItemNames } from '../vault/vault-items.ts';
import type { VaultKeys } from '../vault/vault-keys.ts';
import { vaultFileName } from '../vault/vault-file.ts';
import { forgetMark } from './damage-watch.ts';
import { enrolAtHub, signInAtHub, type SignedIn } from './enrol-device.ts';
import { keepSecrets } from './keep-secrets.ts';
import { openRecords, type OpenRecords, type RecordsParts } from './open-records.ts';
import { makeAnew } from './rebuild-records.ts';

/**
 * Signs in at the hub, makes the vault or opens it, enrols the device with the key that it has or with a new one, and opens its
 * records. Ended anywhere in between, it is simply done again.
 * @throws AppError as `RecordsApi.signIn`
 */
export async function enterVault(
  vault: Vault,
  request: SignInRequest,
  parts: RecordsParts,
): Promise<OpenRecords> {
  const { subtle } = crypto as { subtle?: SubtleCrypto };
  if (subtle === undefined) throw new AppError('device.unsupported', 'the page was not opened securely');
  const signedIn = await signInAtHub(parts.fetch, request);
  const { id: clinicId } = signedIn.account.clinic;
  const clinic = await knownClinic(vault, request, parts);
  // Before somebody lets the person in here.
  if (clinic !== undefined && clinic !== clinicId) {
    throw new AppError('sync.other-clinic', 'this device holds the records of another clinic');
  }
  const known = clinic === undefined ? undefined : await openedVault(vault, request, signedIn);
  const before = known && (await deviceItem(parts.vaultStore, known).read());
  const isNew = request.rebuild === true;
  const key = isNew ? undefined : before && (await usableKey(before, known, parts));
  const { raw, answer } = await enrolled(key, request.deviceName, signedIn, parts);
  if (before !== undefined && before.rootKey !== answer.rootKey) {
    throw new AppError('log.hub-inconsistent', 'this is not the hub with which the device was enrolled');
  }
  const identity = { clinic: clinicId, device: answer.device, rootKey: answer.rootKey };
  const { recoveryKey: recovery } = answer.policy;
  if (known === undefined) await forgetUnreadable(parts);
  const keys = known ?? (await vault.create(request, { id: clinicId, recovery }));
  await keepSecrets(keys, { identity, raw, answer, signedIn, before, name: request.deviceName }, parts);
  if (isNew && known !== undefined) await makeAnew(keys, identity, parts);
  const { accessToken } = answer;
  const records = await openRecords(keys, parts, { accessToken, identity });
  const grant = await readGrant(answer);
  if (grant !== null) await records.time.learn(grant.givenAt);
  return records;
}

/** Whose the vault is; one that is damaged opens for nobody, and is none once somebody wants everything anew. */
async function knownClinic(
  vault: Vault,
  { rebuild }: SignInRequest,
  { vaultStore }: RecordsParts,
): Promise<string | undefined> {
  try {
    return await vault.clinic();
  } catch (error) {
    const isDamaged = error instanceof AppError && error.code === 'storage.damaged';
    if (!isDamaged || rebuild !== true) throw error;
    await vaultStore.update(vaultFileName, () => undefined);
    return undefined;
  }
}

/** Where the vault is gone, nobody ever reads again what was sealed with its keys. */
async function forgetUnreadable({ vaultStore, home }: RecordsParts): Promise<void> {
  for (const name of vaultItemNames) await vaultStore.update(name, () => undefined);
  await forgetMark(vaultStore);
  const state = await home.look().catch(() => 'held');
  if (state === 'held') await home.forget();
}

/** The hub has let the person in; now the device has to. */
async function openedVault(vault: Vault, request: SignInRequest, { account }: SignedIn): Promise<VaultKeys> {
  const who = { email: account.email, password: request.password };
  const { opener } = request;
  if (opener !== undefined && 'recoveryKey' in opener)
    return vault.recover(who, await clinicKey(opener.recoveryKey));
  if (opener !== undefined) return vault.admit(who, opener);
  if (!(await vault.knows(who.email)))
    throw new AppError('vault.needs-opener', 'somebody new on this device');
  try {
    return await vault.unlock(who);
  } catch (error) {
    const isWrong = error instanceof AppError && error.code === 'account.wrong-credentials';
    throw isWrong
      ? new AppError('vault.needs-opener', 'another password than here', { cause: error })
      : error;
  }
}

async function clinicKey(pkcs8: string): Promise<CryptoKey> {
  const curve = { name: 'ECDH', namedCurve: 'P-256' };
  try {
    return await crypto.subtle.importKey('pkcs8', fromBase64Url(pkcs8), curve, false, ['deriveBits']);
  } catch (cause) {
    throw new AppError('account.wrong-credentials', 'this is no private key of a clinic', { cause });
  }
}

/** The device's key; undefined where its chain is broken, or its records are gone and with them the end of the chain. */
async function usableKey(
  { signingKey, publicKey }: DeviceSecrets,
  keys: VaultKeys,
  { openTables }: RecordsParts,
): Promise<RawSigningKey | undefined> {
  const state = await stateOf(keys, openTables);
  if (state === undefined || state.broken !== null) return undefined;
  return { secret: fromBase64Url(signingKey), publicKey: fromBase64Url(publicKey) };
}

async function stateOf(
  keys: VaultKeys,
  openTables: RecordsParts['openTables'],
): Promise<DeviceState | undefined> {
  try {
    const opened = await openTables(aesSealer(keys.records));
    try {
      return (await opened.tables.state()).state;
    } finally {
      opened.close();
    }
  } catch (error) {
    if (error instanceof AppError && error.code === 'sync.unknown-device') return undefined;
    throw error;
  }
}

/** With the key that the device has, or with a new one where it has none or was shut out with it. */
async function enrolled(
  key: RawSigningKey | undefined,
  name: string,
  signedIn: SignedIn,
  { fetch }: RecordsParts,
): Promise<{ readonly raw: RawSigningKey; readonly answer: EnrolAnswer }> {
  const enrol = async (raw: RawSigningKey) => ({
    raw,
    answer: await enrolAtHub(fetch, signedIn, await importSigner(raw), name),
  });
  if (key === undefined) return enrol(await newSigningKey());
  try {
    return await enrol(key);
  } catch (error) {
    const isShutOut = error instanceof AppError && error.code === 'sync.revoked-device';
    if (!isShutOut) throw error;
    return enrol(await newSigningKey());
  }
}
