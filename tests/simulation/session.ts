import { createPrivateKey } from 'node:crypto';
import { enrolmentMessage } from '../../shared/api/devices.ts';
import { toBase64Url } from '../../shared/kernel/bytes.ts';
import { AppError, type ErrorCode, isErrorCode } from '../../shared/kernel/errors.ts';
import { deviceIdOf } from '../../shared/log/entry.ts';
import type { OfflineGrant } from '../../shared/log/grant.ts';
import type { Signer } from '../../shared/log/log-crypto.ts';
import { type Answer, answerOf, type Ask, type Question, questionOf, type Reply, textOf } from './ask.ts';
import { signerWith, simulatedCrypto } from './simulated-crypto.ts';
import { password, type Person } from './office.ts';
import { makeKeyPair } from './outside.ts';

export interface DeviceKey {
  readonly device: string;
  readonly signer: Signer;
  readonly signNow: (message: Uint8Array) => Uint8Array;
}

export function newDeviceKey(): DeviceKey {
  const { pkcs8, publicKey } = makeKeyPair();
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  const signer = signerWith(key, publicKey);
  return { device: deviceIdOf(publicKey, simulatedCrypto), signer, signNow: signer.signNow };
}

/** The claims of a token, without asking whether they are true. */
function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >;
}

/** In seconds; undefined where the hub says nothing of the kind. */
export function retryAfterOf({ headers }: Reply): number | undefined {
  return Number(headers.get('retry-after') ?? Number.NaN) || undefined;
}

/** A refusal as the client's program sees it. */
export function refusalOf({ status, json }: Answer, retryAfterS?: number): AppError {
  const code = textOf(json['code']);
  const known: ErrorCode = isErrorCode(code)
    ? code
    : status === 401
      ? 'account.signed-out'
      : 'network.unreachable';
  return new AppError(known, `the hub answered ${status}`, {
    details: retryAfterS === undefined ? {} : { retryAfterMs: retryAfterS * 1000 },
  });
}

/** Tokens and leave of one person on one device: part of a profile, and copied with it. */
export class Session {
  accessToken = '';
  refreshToken = '';
  grant: OfflineGrant | null = null;

  copy(): Session {
    return Object.assign(new Session(), this);
  }

  /**
   * Signs in with the password and meets the hub as this device.
   * @throws AppError for whatever the hub says, or when nothing came back
   */
  async signIn(ask: Ask, person: Person, key: DeviceKey): Promise<{ rootKey: string }> {
    const credentials = { email: person.email, password, client: 'program' };
    const { json } = await this.#answer(ask, questionOf('POST', '/auth/login', undefined, credentials));
    const token = textOf(json['accessToken']);
    const { sid, clinic } = claimsOf(token) as { sid: string; clinic: string };
    const publicKey = toBase64Url(key.signer.publicKey);
    const proof = toBase64Url(key.signNow(enrolmentMessage({ clinic, sessionId: sid, publicKey })));
    const enrolment = { publicKey, name: 'laptop', proof };
    const answer = await this.#answer(ask, questionOf('POST', '/devices', token, enrolment));
    this.accessToken = textOf(answer.json['accessToken']);
    this.refreshToken = textOf(answer.json['refreshToken'] ?? json['refreshToken']);
    const grant = claimsOf(textOf(answer.json['grant'])) as {
      sub: string;
      role: OfflineGrant['role'];
      exp: number;
    };
    this.grant = {
      clinic,
      device: key.device,
      user: grant.sub,
      role: grant.role,
      expiresAt: grant.exp * 1000,
    };
    return { rootKey: textOf(answer.json['rootKey']) };
  }

  /** @throws AppError `account.signed-out` when the password is needed again */
  async refresh(ask: Ask): Promise<void> {
    const { refreshToken } = this;
    const { json } = await this.#answer(
      ask,
      questionOf('POST', '/auth/refresh', undefined, { refreshToken }),
    );
    this.accessToken = textOf(json['accessToken']);
    this.refreshToken = textOf(json['refreshToken']);
  }

  async #answer(ask: Ask, question: Question): Promise<Answer> {
    let answer: Answer;
    let retryAfterS: number | undefined;
    try {
      const reply = await ask(question);
      retryAfterS = retryAfterOf(reply);
      answer = answerOf(reply);
    } catch (cause) {
      throw new AppError('network.unreachable', 'nothing came back', { cause });
    }
    if (answer.status >= 300) throw refusalOf(answer, retryAfterS);
    if (Object.keys(answer.json).length === 0)
      throw new AppError('network.unreachable', 'the reply is cut short');
    return answer;
  }
}
