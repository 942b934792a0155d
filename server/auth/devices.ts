import { z } from 'zod';
import { type ClinicPolicy, type Device, enrolmentMessage } from '../../shared/api/devices.ts';
import { fromBase64Url, utf8 } from '../../shared/kernel/bytes.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { createSerialQueue } from '../../shared/kernel/serial-queue.ts';
import { deviceIdOf } from '../../shared/log/entry.ts';
import type { SealedColumn } from '../keys/sealer-api.ts';
import type { Row, Statement } from '../store/database.ts';
import type { Authenticated, BundleKeys, Devices } from './accounts-api.ts';
import { type AuthDeps, readOne, statement } from './auth-deps.ts';
import { endSessionsOfDevice } from './session-rows.ts';
import { accessTokenS, type SignedTokens } from './signed-tokens.ts';
import type { TokenKeys } from './token-keys.ts';
import { findUser } from './user-rows.ts';

const policy: ClinicPolicy = { offlineDays: 14, lockAfterMinutes: 10 };

const EnrolmentRow = z.object({
  device: z.string(),
  clinic: z.string(),
  user: z.string(),
  name: z.union([z.instanceof(Uint8Array), z.instanceof(ArrayBuffer)]),
  enrolled_at: z.number(),
  revoked_at: z.number().nullable(),
});
type EnrolmentRow = z.infer<typeof EnrolmentRow>;

const aad = (device: string): string => `enrolments\n${device}\n1`;

export const sealedDeviceNames: SealedColumn = {
  table: 'enrolments',
  keys: ['device'],
  column: 'name',
  aad: ({ device }) => aad(String(device)),
};

/** Not where the session was ended meanwhile or the device shut out: whoever did that ended the sessions that it had. */
const bindSession = (device: string, session: string): Statement =>
  statement(
    `UPDATE sessions SET device = ?1 WHERE id = ?2 AND ended_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM enrolments WHERE device = ?1 AND revoked_at IS NOT NULL)`,
    device,
    session,
  );

const isoTime = (ms: number): string => new Date(ms).toISOString();

export function createDevices(
  { database, hubLog, sealer, logCrypto, now }: AuthDeps,
  {
    tokens,
    keys,
    bundleKeys,
  }: { readonly tokens: SignedTokens; readonly keys: TokenKeys; readonly bundleKeys: BundleKeys },
): Devices {
  const enrolments = createSerialQueue();

  async function find(device: string): Promise<EnrolmentRow | undefined> {
    const row = await readOne(database, 'SELECT * FROM enrolments WHERE device = ?', device);
    return row === undefined ? undefined : EnrolmentRow.parse(row);
  }

  function shown({ device, user, name, enrolled_at: at, revoked_at: revoked }: EnrolmentRow): Device {
    return {
      id: device,
      name: new TextDecoder().decode(sealer.open(new Uint8Array(name), aad(device))),
      userId: user,
      enrolledAt: isoTime(at),
      ...(revoked !== null && { revokedAt: isoTime(revoked) }),
    };
  }

  /** What the device needs now, whether it is new or has come back. */
  async function enrolled(member: Authenticated, device: string) {
    const { clinic, userId, role, sessionId } = member;
    const claims = { sub: userId, clinic, role, dev: device };
    const grant = await tokens.sign('grant', claims, policy.offlineDays * 24 * 3600);
    const { kid, publicKey } = await keys.signingKey('grant');
    const user = await findUser(database, sealer, clinic, userId);
    const row = await readOne(database, 'SELECT name FROM clinics WHERE id = ?', clinic);
    return {
      account: { id: userId, email: user!.email, role, clinic: { id: clinic, name: String(row!['name']) } },
      accessToken: await tokens.sign('access', { ...claims, sid: sessionId }, accessTokenS),
      expiresInS: accessTokenS,
      device,
      policy,
      grant,
      grantKey: { kty: 'OKP', crv: 'Ed25519', x: publicKey, kid },
      rootKey: hubLog.rootKey(),
      bundleKey: await bundleKeys.current(clinic),
    } as const;
  }

  /** Of a device that asks twice at once, or two people on one device, the second one meets what the first one made. */
  async function admit(
    { clinic, userId, sessionId }: Authenticated,
    device: string,
    { publicKey, name }: { readonly publicKey: string; readonly name: string },
  ): Promise<void> {
    const known = await find(device);
    if (known !== undefined && known.clinic !== clinic) {
      throw new AppError('sync.other-clinic', 'the device is enrolled in another clinic');
    }
    if (known !== undefined && known.revoked_at !== null) {
      throw new AppError('sync.revoked-device', 'the key was shut out; a new one can be enrolled');
    }
    const bind = bindSession(device, sessionId);
    const body = { key: publicKey, name, role: 'device' };
    const fact = { kind: 'device.enrolled', entity: device, actor: userId, body };
    if (known === undefined) {
      const insert = statement(
        'INSERT INTO enrolments (device, clinic, user, name, enrolled_at) VALUES (?, ?, ?, ?, ?)',
        device,
        clinic,
        userId,
        sealer.seal(utf8(name), aad(device)),
        now(),
      );
      await hubLog.append(clinic, [fact], [insert, bind]);
      return;
    }
    // A person's entries count from a device only where the log says that the person may write there.
    const people = (await hubLog.deviceOf(clinic, device))?.people ?? [];
    if (people.includes(userId)) await database.write([bind]);
    else await hubLog.append(clinic, [fact], [bind]);
  }

  return {
    async enrol(member, { publicKey, name, proof }) {
      const { clinic, sessionId } = member;
      const key = fromBase64Url(publicKey);
      const message = enrolmentMessage({ clinic, sessionId, publicKey });
      if (!(await logCrypto.verify(key, fromBase64Url(proof), message))) {
        throw new AppError('device.bad-proof', 'the proof is not a signature of this key for this session');
      }
      const device = deviceIdOf(key, logCrypto);
      await enrolments.run(() => admit(member, device, { publicKey, name }));
      return enrolled(member, device);
    },

    async bundleKey({ clinic, device }) {
      const known = device === undefined ? undefined : await find(device);
      if (known === undefined) throw new AppError('sync.unknown-device', 'this session has no device');
      if (known.revoked_at !== null) throw new AppError('sync.revoked-device', 'this device was revoked');
      return bundleKeys.current(clinic);
    },

    async list({ clinic, userId, role }, { after, limit }) {
      const [, at = '0', id = ''] = /^(\d{1,15})\.([0-9a-f]{32})$/.exec(after ?? '') ?? [];
      const rows: readonly Row[] = await database.read(
        statement(
          `SELECT * FROM enrolments WHERE clinic = ? AND (enrolled_at, device) > (?, ?) AND (? = 'admin' OR user = ?)
           ORDER BY enrolled_at, device LIMIT ?`,
          clinic,
          Number(at),
          id,
          role,
          userId,
          limit + 1,
        ),
      );
      const found = rows.map((row) => EnrolmentRow.parse(row));
      const last = found[limit - 1];
      const isMore = found.length > limit && last !== undefined;
      return {
        items: found.slice(0, limit).map(shown),
        ...(isMore && { next: `${last.enrolled_at}.${last.device}` }),
      };
    },

    async revoke({ clinic, userId, role }, device, reason) {
      const known = await find(device);
      if (known === undefined || known.clinic !== clinic || (role !== 'admin' && known.user !== userId)) {
        throw new AppError('sync.unknown-device', 'no such device of this account');
      }
      if (known.revoked_at !== null) return shown(known);
      const body = reason === undefined ? {} : { reason };
      await hubLog.append(
        clinic,
        [{ kind: 'device.revoked', entity: device, actor: userId, body }],
        [
          statement('UPDATE enrolments SET revoked_at = ? WHERE device = ?', now(), device),
          endSessionsOfDevice(device, 'revoked', now()),
        ],
      );
      return shown({ ...known, revoked_at: now() });
    },
  };
}
