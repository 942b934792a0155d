import { SignInAnswer } from '../../../shared/api/auth.ts';
import { enrolmentMessage } from '../../../shared/api/devices.ts';
import { toBase64Url } from '../../../shared/kernel/bytes.ts';
import { signerOf } from '../../../server/keys/node-crypto.ts';
import { type LogDevice, logDevice } from '../log-device.ts';
import { type AskHub, mustAnswer } from './ask-hub.ts';

export const loadPassword = 'a hundred quiet mornings';

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

export interface SignedInDevice {
  readonly device: LogDevice;
  readonly clinic: string;
  readonly userId: string;
  /** Bound to the device, as of the last sign-in. */
  accessToken(): string;
  /** Access tokens last ten minutes. */
  signInAgain(): Promise<void>;
}

function sessionOf(accessToken: string): string {
  const [, payload = ''] = accessToken.split('.');
  return (JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as { sid: string }).sid;
}

/** Signs in and enrols a device whose key follows from the seed. */
export async function signInDevice(
  ask: AskHub,
  credentials: Credentials,
  seed: Uint8Array,
): Promise<SignedInDevice> {
  const signer = signerOf(seed);
  const publicKey = toBase64Url(signer.publicKey);

  async function enrol(): Promise<SignInAnswer> {
    const session = SignInAnswer.parse(await mustAnswer(ask('POST', '/auth/login', credentials)));
    const clinic = session.account.clinic.id;
    const message = enrolmentMessage({ clinic, sessionId: sessionOf(session.accessToken), publicKey });
    const request = {
      publicKey,
      name: 'a device under load',
      proof: toBase64Url(await signer.sign(message)),
    };
    return SignInAnswer.parse(await mustAnswer(ask('POST', '/devices', request, session.accessToken)));
  }

  let session = await enrol();
  const { account } = session;
  return {
    device: logDevice(account.clinic.id, account.id, seed),
    clinic: account.clinic.id,
    userId: account.id,
    accessToken: () => session.accessToken,
    async signInAgain() {
      session = await enrol();
    },
  };
}
