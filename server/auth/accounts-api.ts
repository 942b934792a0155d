import type { Account, ClientKind, Session } from '../../shared/api/auth.ts';
import type { Device, EnrolAnswer } from '../../shared/api/devices.ts';
import type { Role } from '../../shared/api/endpoint.ts';
import type { BundleKey } from '../../shared/log/bundle/bundle-key.ts';
import type { User } from '../../shared/api/users.ts';

/** Accounts as ports: what routes and the terminal's commands may ask for. Every question names its clinic. */

/** An administrator, or nobody in person: the one at the hub's own terminal. */
export interface Actor {
  readonly clinic: string;
  /** `hub` for the terminal. */
  readonly userId: string;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Where the next page starts; undefined behind the last one. */
  readonly next?: string;
}

export interface PageOf {
  readonly after?: string | undefined;
  readonly limit: number;
}

/** An access token and what belongs to it. */
export interface SignIn {
  readonly account: Account;
  readonly accessToken: string;
  readonly expiresInS: number;
  readonly refreshToken: string;
  readonly client: ClientKind;
  readonly device?: string;
}

export interface Authenticated {
  readonly clinic: string;
  readonly userId: string;
  readonly role: Role;
  readonly sessionId: string;
  readonly device?: string;
}

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

export interface Sessions {
  /** Asks the database each time, so that an ended session, a closed account and another role count at once. */
  readonly authenticate: (accessToken: string) => Promise<Authenticated | undefined>;
  /**
   * Takes as long for an address that nobody has as for a wrong password.
   * @param from the client's address, for the limits
   * @throws AppError `account.wrong-credentials`, `account.not-approved`, `account.disabled`, `account.too-many-attempts`
   */
  login(
    credentials: Credentials & { readonly client: ClientKind },
    from: string | undefined,
  ): Promise<SignIn>;
  /** @throws AppError `account.signed-out`, `account.session-reused` */
  refresh(refreshToken: string, from: string | undefined): Promise<SignIn>;
  /** Ends the session that the token belongs to; a token that does not count is no error. */
  logout(
    token: { readonly access?: string | undefined; readonly refresh?: string | undefined },
    from: string | undefined,
  ): Promise<void>;
  list(userId: string, current: string): Promise<readonly Session[]>;
  /** Does nothing to another's session. */
  end(member: Actor, sessionId: string): Promise<void>;
  /** Forgets sessions that have been over for a month. */
  forgetOld(): Promise<void>;
}

export interface Users {
  /** The token of the link for the first administrator, good until this process ends; undefined once there is a clinic. */
  openSetup(): Promise<string | undefined>;
  /** @throws AppError `account.setup-done`, `account.weak-password` */
  setup(request: Credentials & { readonly token: string; readonly clinic: string }): Promise<Account>;
  /** @throws AppError `account.registration-closed`, `account.weak-password`, `account.too-many-attempts`, `request.invalid` */
  register(
    request: Credentials & { readonly clinic?: string | undefined },
    from: string | undefined,
  ): Promise<'waiting' | 'active'>;
  account(clinic: string, userId: string): Promise<Account>;
  /** @throws AppError `account.wrong-credentials`, `account.weak-password` */
  changePassword(
    member: Authenticated,
    change: { readonly current: string; readonly next: string },
  ): Promise<void>;
  /** For somebody who has forgotten it; ends all sessions. @throws AppError `account.weak-password`, `account.unknown` */
  resetPassword(actor: Actor, userId: string, password: string): Promise<User>;
  list(clinic: string, page: PageOf): Promise<Page<User>>;
  /** In whatever clinic: for the terminal alone. */
  find(
    email: string,
  ): Promise<
    { readonly user: User; readonly clinic: { readonly id: string; readonly name: string } } | undefined
  >;
  /** @throws AppError `account.exists`, `account.weak-password` */
  add(actor: Actor, user: Credentials & { readonly role: Role }): Promise<User>;
  /** The four below throw `account.unknown` for another clinic's, and `account.last-admin`. */
  approve(actor: Actor, userId: string, role: Role): Promise<User>;
  setRole(actor: Actor, userId: string, role: Role): Promise<User>;
  disable(actor: Actor, userId: string, reason: string | undefined): Promise<User>;
  enable(actor: Actor, userId: string): Promise<User>;
}

export interface Devices {
  /** Binds the session to the device. @throws AppError `device.bad-proof`, `sync.revoked-device`, `sync.other-clinic` */
  enrol(
    member: Authenticated,
    device: { readonly publicKey: string; readonly name: string; readonly proof: string },
  ): Promise<EnrolAnswer>;
  /** The newest, for a device that was enrolled. @throws AppError `sync.unknown-device` without one */
  bundleKey(member: Authenticated): Promise<BundleKey>;
  /** All of the clinic for an administrator, otherwise one's own. */
  list(member: Authenticated, page: PageOf): Promise<Page<Device>>;
  /** @throws AppError `sync.unknown-device` also for another's device, unless an administrator asks */
  revoke(member: Authenticated, device: string, reason: string | undefined): Promise<Device>;
}

/** The clinics of this hub, for the terminal. */
export interface Clinics {
  list(): Promise<readonly { readonly id: string; readonly name: string }[]>;
  /** Makes a clinic together with its first account. */
  found(name: string, admin: Credentials & { readonly role: Role }): Promise<User>;
}

/** The secrets under which a clinic's devices write files for each other and for the hub. */
export interface BundleKeys {
  /** That devices are given from now on. */
  current(clinic: string): Promise<BundleKey>;
  /** Of any generation. @throws AppError `bundle.other-clinic`, `bundle.no-key` */
  secretFor(bundle: { readonly clinic: string; readonly key: string }): Promise<string>;
}

export interface Accounts {
  readonly bundleKeys: BundleKeys;
  readonly sessions: Sessions;
  readonly users: Users;
  readonly devices: Devices;
  readonly clinics: Clinics;
}
