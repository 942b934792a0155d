import { decodeJwt } from 'jose';
import { loginEndpoint, type SignInAnswer } from '../../shared/api/auth.ts';
import { createCaller, type Fetch } from '../../shared/api/call-endpoint.ts';
import { type EnrolAnswer, enrolEndpoint, enrolmentMessage } from '../../shared/api/devices.ts';
import { toBase64Url } from '../../shared/kernel/bytes.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import type { Signer } from '../../shared/log/log-crypto.ts';
import type { Credentials } from '../vault/vault.ts';

/** Somebody whom the hub lets in, and the token to go on with. */
export type SignedIn = Pick<SignInAnswer, 'account' | 'accessToken'> & { readonly refreshToken: string };

/** Asks the hub to let this person in. @throws AppError `network.unreachable`, `account.*` */
export async function signInAtHub(fetch: Fetch, { email, password }: Credentials): Promise<SignedIn> {
  const call = createCaller({ fetch, hub: '' });
  // `program`: the token goes into the vault, where a cookie would lie beside it.
  const answer = await call(loginEndpoint, { body: { email, password, client: 'program' } });
  const { refreshToken } = answer;
  if (refreshToken === undefined)
    throw new AppError('account.signed-out', 'the hub gave no token to go on with');
  return { ...answer, refreshToken };
}

/** Tells the hub this device's key, or meets it again with it. @throws AppError as the endpoint does */
export async function enrolAtHub(
  fetch: Fetch,
  { accessToken, account }: SignedIn,
  signer: Signer,
  name: string,
): Promise<EnrolAnswer> {
  const token = async (): Promise<string> => accessToken;
  const call = createCaller({ fetch, hub: '', tokens: { current: token, renew: token } });
  const publicKey = toBase64Url(signer.publicKey);
  const sessionId = String(decodeJwt(accessToken)['sid']);
  const message = enrolmentMessage({ clinic: account.clinic.id, sessionId, publicKey });
  const proof = toBase64Url(await signer.sign(message));
  return call(enrolEndpoint, { body: { publicKey, name, proof } });
}
