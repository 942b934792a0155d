import { z } from 'zod';
import { AppError } from '../shared/kernel/errors.ts';

const loopbackHosts: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);

/** Whether only programs of this machine reach what listens there. */
export const isLoopback = (host: string): boolean => loopbackHosts.has(host);

/** Lists are written with commas between. */
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

const Environment = z.object({
  HOST: z
    .string()
    .regex(/^[A-Za-z0-9.:-]{1,253}$/, { error: 'must be an address or a name of this machine' })
    .default('127.0.0.1'),
  /** 0 stands for a free port. */
  PORT: z.coerce
    .number({ error: 'must be a number' })
    .int({ error: 'must be a whole number' })
    .min(0, { error: 'must not be negative' })
    .max(65535, { error: 'must be at most 65535' })
    .default(8787),
  /** Accounts and the log. It is made at the first start, for this account of the system alone. */
  DATA_DIR: z.string().default('./data'),
  MODELS_DIR: z.string().optional(),
  INFERENCE_CHILDREN: z.coerce
    .number({ error: 'must be a number' })
    .int({ error: 'must be a whole number' })
    .min(1, { error: 'must be at least 1' })
    .max(64, { error: 'must be at most 64' })
    .optional(),
  MAX_UPLOAD_BYTES: z.coerce
    .number({ error: 'must be a number' })
    .int({ error: 'must be a whole number of bytes' })
    .min(1, { error: 'must be at least 1' })
    .default(64 * 1024 * 1024),
  REGISTRATION: z
    .enum(['approval', 'open', 'closed'], { error: 'must be approval, open or closed' })
    .default('approval'),
  /** Where browsers find the hub, if it is not the address that it listens on. */
  PUBLIC_ORIGIN: z
    .url({ protocol: /^https?$/, error: 'must be an address such as https://hub.example.org' })
    .transform((address) => new URL(address).origin)
    .optional(),
  /** How many proxies stand before the hub; each adds the address that it saw to X-Forwarded-For. */
  TRUSTED_PROXIES: z.coerce
    .number({ error: 'must be a number of proxies' })
    .int({ error: 'must be a whole number' })
    .min(0, { error: 'must not be negative' })
    .max(10, { error: 'must be at most 10' })
    .default(0),
  /** A libSQL server in the place of the file in DATA_DIR. */
  LIBSQL_URL: z
    .url({ protocol: /^(libsql|https?)$/, error: 'must be an address such as libsql://records.example.org' })
    .optional(),
  LIBSQL_AUTH_TOKEN: z.string().optional(),
  /** In the place of the link that an empty hub prints. */
  SETUP_TOKEN: z
    .string()
    .regex(/^[\w.-]{32,200}$/, { error: 'must have 32 to 200 letters, digits, dots or hyphens' })
    .optional(),
  /** PEM files: the certificate with those that lead to its authority, and its key. */
  TLS_CERT: z.string().optional(),
  TLS_KEY: z.string().optional(),
  MASTER_KEY: z.string().optional(),
  MASTER_KEY_OLD: list.optional(),
  MASTER_KEY_FILE: z.string().optional(),
});

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly modelsDir?: string;
  readonly inferenceChildren?: number;
  readonly maxUploadBytes: number;
  readonly registration: 'approval' | 'open' | 'closed';
  readonly publicOrigin?: string;
  readonly trustedProxies: number;
  readonly libsql?: { readonly url: string; readonly authToken?: string };
  readonly setupToken?: string;
  readonly tls?: { readonly certificate: string; readonly key: string };
  readonly masterKey?: string;
  readonly masterKeyOld?: readonly string[];
  readonly masterKeyFile?: string;
}

type Present<Part> = { -readonly [Name in keyof Part]?: Exclude<Part[Name], undefined> };

function withoutMissing<Part extends object>(part: Part): Present<Part> {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)) as Present<Part>;
}

type Settings = z.infer<typeof Environment>;

function tlsOf({ TLS_CERT, TLS_KEY }: Settings): Config['tls'] {
  if (TLS_CERT === undefined && TLS_KEY === undefined) return undefined;
  if (TLS_CERT !== undefined && TLS_KEY !== undefined) return { certificate: TLS_CERT, key: TLS_KEY };
  throw new AppError('usage.invalid', 'TLS_CERT and TLS_KEY are only of use together.');
}

/** Passwords and films do not cross a network in clear, and a browser gives a page in clear next to nothing. */
function refuseInClear({ HOST, PUBLIC_ORIGIN, TRUSTED_PROXIES }: Settings, overTls: boolean): void {
  const behindProxy = TRUSTED_PROXIES > 0 && PUBLIC_ORIGIN?.startsWith('https:') === true;
  if (overTls || behindProxy || isLoopback(HOST)) return;
  const message =
    'HOST may only be 127.0.0.1, ::1 or localhost, unless the hub speaks TLS (TLS_CERT and TLS_KEY, which npx fieldray tls makes) or a proxy does (TRUSTED_PROXIES and an https PUBLIC_ORIGIN).';
  throw new AppError('usage.invalid', message);
}

/** @throws AppError `usage.invalid`, whose message is one sentence for each setting that cannot be used */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  // In a shell and in a compose file an empty variable means one that is not set.
  const isSet = ([, value]: readonly [string, string | undefined]): boolean =>
    value !== undefined && value !== '';
  const parsed = Environment.safeParse(Object.fromEntries(Object.entries(environment).filter(isSet)));
  if (!parsed.success) {
    const sentences = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}.`);
    throw new AppError('usage.invalid', sentences.join(' '));
  }
  const settings = parsed.data;
  const tls = tlsOf(settings);
  refuseInClear(settings, tls !== undefined);
  const optional = {
    modelsDir: settings.MODELS_DIR,
    inferenceChildren: settings.INFERENCE_CHILDREN,
    publicOrigin: settings.PUBLIC_ORIGIN,
    setupToken: settings.SETUP_TOKEN,
    libsql:
      settings.LIBSQL_URL === undefined
        ? undefined
        : { url: settings.LIBSQL_URL, ...withoutMissing({ authToken: settings.LIBSQL_AUTH_TOKEN }) },
    tls,
    masterKey: settings.MASTER_KEY,
    masterKeyOld: settings.MASTER_KEY_OLD,
    masterKeyFile: settings.MASTER_KEY_FILE,
  };
  return {
    host: settings.HOST,
    port: settings.PORT,
    dataDir: settings.DATA_DIR,
    maxUploadBytes: settings.MAX_UPLOAD_BYTES,
    registration: settings.REGISTRATION,
    trustedProxies: settings.TRUSTED_PROXIES,
    ...withoutMissing(optional),
  };
}
