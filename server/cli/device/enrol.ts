import { text } from 'node:stream/consumers';
import { decodeJwt } from 'jose';
import { loginEndpoint } from '../../../shared/api/auth.ts';
import { createCaller } from '../../../shared/api/call-endpoint.ts';
import { enrolEndpoint, enrolmentMessage } from '../../../shared/api/devices.ts';
import { fromBase64Url, toBase64Url } from '../../../shared/kernel/bytes.ts';
import { AppError } from '../../../shared/kernel/errors.ts';
import type { DeviceIdentity, DeviceState } from '../../../shared/log/device-store.ts';
import { withKey } from '../../../shared/log/bundle/bundle-key.ts';
import { signerOf } from '../../keys/node-crypto.ts';
import { type DeviceFile, newSecret, readDeviceFile, writeDeviceFile } from './device-file.ts';
import { openDeviceHome } from './device-home.ts';

export interface EnrolOptions {
  readonly home: string;
  readonly hub: string;
  readonly email: string;
  /** What people will call the device. */
  readonly name: string;
}

export interface Enrolled {
  readonly identity: DeviceIdentity;
  readonly email: string;
  readonly clinicName: string;
  /** `again`: with the key that it has. `new-chain`: with a new one, because the old chain takes no more. */
  readonly how: 'new' | 'again' | 'new-chain';
}

/** The first line. @throws AppError `usage.invalid` when there is none */
export async function passwordFrom(input: AsyncIterable<Uint8Array | string>): Promise<string> {
  const [line = ''] = (await text(input)).slice(0, 1024).split(/\r?\n/);
  if (line === '') throw new AppError('usage.invalid', 'the input holds no password');
  return line;
}

/**
 * Signs in and makes the folder a device of the clinic, or signs in again where it is one.
 * @throws AppError `sync.other-clinic` and `log.hub-inconsistent` when the folder belongs to another clinic or hub
 */
export async function enrol({ home, hub, email, name }: EnrolOptions, password: string): Promise<Enrolled> {
  const before = await readDeviceFile(home);
  const state = before === undefined ? undefined : await stateOf(home);
  const isNewChain = state !== undefined && state.broken !== null;
  const seed = before === undefined || isNewChain ? newSecret() : before.seed;
  const signer = signerOf(fromBase64Url(seed));

  const signedIn = await createCaller({ fetch, hub })(loginEndpoint, {
    body: { email, password, client: 'program' },
  });
  const { accessToken, refreshToken, account } = signedIn;
  if (refreshToken === undefined)
    throw new AppError('account.signed-out', 'the hub gave no token to go on with');
  if (state !== undefined && state.identity.clinic !== account.clinic.id) {
    throw new AppError('sync.other-clinic', 'the folder holds the records of another clinic');
  }
  const publicKey = toBase64Url(signer.publicKey);
  const sessionId = String(decodeJwt(accessToken)['sid']);
  const message = enrolmentMessage({ clinic: account.clinic.id, sessionId, publicKey });
  const call = createCaller({
    fetch,
    hub,
    tokens: { current: async () => accessToken, renew: async () => accessToken },
  });
  const proof = toBase64Url(await signer.sign(message));
  const answer = await call(enrolEndpoint, { body: { publicKey, name, proof } });
  if (state !== undefined && state.identity.rootKey !== answer.rootKey) {
    throw new AppError('log.hub-inconsistent', 'this is not the hub with which the folder was enrolled');
  }
  const identity = { clinic: account.clinic.id, device: answer.device, rootKey: answer.rootKey };
  const file: DeviceFile = {
    format: 1,
    hub,
    seed,
    masterKey: before?.masterKey ?? newSecret(),
    user: account.id,
    email: account.email,
    refreshToken,
    grant: answer.grant,
    grantKey: answer.grantKey,
    bundleKeys: withKey(before?.bundleKeys, answer.bundleKey),
  };
  await writeDeviceFile(home, file);
  await begin(home, file, identity);
  const how = state === undefined ? 'new' : isNewChain ? 'new-chain' : 'again';
  return { identity, email: account.email, clinicName: account.clinic.name, how };
}

async function stateOf(home: string): Promise<DeviceState | undefined> {
  try {
    const device = await openDeviceHome(home);
    try {
      return await device.parts.store.state();
    } finally {
      await device.close();
    }
  } catch (error) {
    // The file was written and the program ended before the records were made.
    if (error instanceof AppError && error.code === 'sync.unknown-device') return undefined;
    throw error;
  }
}

async function begin(home: string, file: DeviceFile, identity: DeviceIdentity): Promise<void> {
  const device = await openDeviceHome(home, { file, identity });
  try {
    const { store } = device.parts;
    if ((await store.state()).identity.device !== identity.device) await store.beginChain(identity);
  } finally {
    await device.close();
  }
}
