import { randomUUID } from 'node:crypto';
import { type Account, loginEndpoint, setupEndpoint, type SignInAnswer } from '../../shared/api/auth.ts';
import { enrolEndpoint } from '../../shared/api/devices.ts';
import { pullEndpoint, pushEndpoint } from '../../shared/api/sync.ts';
import { addUserEndpoint } from '../../shared/api/users.ts';
import type { Role } from '../../shared/api/endpoint.ts';
import type { PullAnswer, PushAnswer } from '../../shared/log/exchange.ts';
import type { Checkpoint } from '../../shared/log/checkpoint.ts';
import { type HubClient, hubClient } from './hub-client.ts';
import { canonical } from './second-witness.ts';
import { TestDevice, type Written } from './test-device.ts';

/** A hub that listens, with an empty database behind it. */
export interface HubUnderTest {
  /** Without a slash at the end. */
  readonly origin: string;
  /** With it the first administrator is made. */
  readonly setupToken: string;
  readonly printed: () => string;
  stop(): Promise<void>;
}

/** A person with a session on an enrolled device. */
export interface Seat {
  readonly account: Account;
  readonly email: string;
  readonly token: string;
  readonly refreshToken: string;
  readonly device: TestDevice;
}

export const password = 'dreizehn nasse Birken';

/** A clinic of the hub under test, and what the tests do in it again and again. */
export interface Stage {
  readonly hub: HubUnderTest;
  readonly client: HubClient;
  readonly clinic: string;
  readonly rootKey: string;
  readonly admin: Seat;
  readonly doctor: Seat;
  readonly user: Seat;
  /** Another account with a device of its own. */
  newSeat(role: Role): Promise<Seat>;
  /** All that the device has written, unless it is said what. */
  push(seat: Seat, written?: readonly Written[]): Promise<PushAnswer>;
  page(
    seat: Seat,
    from: { epoch: string | null; cursor: number; verified?: Checkpoint; limit?: number },
  ): Promise<PullAnswer>;
  /** Every page from the beginning. */
  pullAll(seat: Seat, limit?: number): Promise<readonly PullAnswer[]>;
}

/** What stands in an access token; only the hub has to check it. */
function sessionOf(token: string): string {
  const payload = Buffer.from(token.split('.')[1]!, 'base64url').toString();
  return (JSON.parse(payload) as { sid: string }).sid;
}

/** Signs in again with a new device. */
async function enrol(client: HubClient, signIn: SignInAnswer): Promise<Seat & { readonly rootKey: string }> {
  const { account, accessToken } = signIn;
  const device = new TestDevice(account.clinic.id, account.id);
  const facts = { clinic: account.clinic.id, publicKey: device.key, sessionId: sessionOf(accessToken) };
  const answer = await client.get(enrolEndpoint, {
    token: accessToken,
    json: {
      publicKey: device.key,
      name: `the device of ${account.email}`,
      proof: device.sign(`enrol:1\n${canonical(facts)}`),
    },
  });
  return {
    account,
    email: account.email,
    token: answer.accessToken,
    refreshToken: signIn.refreshToken!,
    device,
    rootKey: answer.rootKey,
  };
}

/** Sets the hub up: a clinic with an administrator, a doctor and a user. */
export async function setTheStage(hub: HubUnderTest): Promise<Stage> {
  const client = hubClient(hub.origin);
  const email = 'ada@example.org';
  const { clinic } = await client.get(setupEndpoint, {
    json: { token: hub.setupToken, email, password, clinic: 'Nordklinik' },
  });
  const signIn = (address: string): Promise<SignInAnswer> =>
    client.get(loginEndpoint, { json: { email: address, password, client: 'program' } });
  const admin = await enrol(client, await signIn(email));

  async function newSeat(role: Role): Promise<Seat> {
    const address = `${role}-${randomUUID().slice(0, 8)}@example.org`;
    await client.get(addUserEndpoint, { token: admin.token, json: { email: address, password, role } });
    return enrol(client, await signIn(address));
  }

  async function page(
    { token }: Seat,
    { epoch, cursor, verified, limit = 500 }: Parameters<Stage['page']>[1],
  ): Promise<PullAnswer> {
    const json = { protocol: 1, epoch, cursor, limit, verified: verified ?? null };
    return client.get(pullEndpoint, { token, json });
  }

  return {
    hub,
    client,
    clinic: clinic.id,
    rootKey: admin.rootKey,
    admin,
    doctor: await newSeat('doctor'),
    user: await newSeat('user'),
    newSeat,
    push: ({ token, device }, written) =>
      client.get(pushEndpoint, { token, json: device.push(written ?? device.chain) }),
    page,
    async pullAll(seat, limit = 500) {
      const first = await page(seat, { epoch: null, cursor: 0, limit });
      const pages: PullAnswer[] = [];
      let cursor = 0;
      let isEnd = false;
      while (!isEnd) {
        const next = await page(seat, { epoch: first.epoch, cursor, limit });
        pages.push(next);
        cursor = next.next;
        isEnd = next.end;
      }
      return pages;
    },
  };
}
