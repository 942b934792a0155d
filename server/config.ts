import { z } from 'zod';
import { AppError } from '../shared/kernel/errors.ts';

const loopbackHosts = ['127.0.0.1', '::1', 'localhost'] as const;

const Environment = z.object({
  HOST: z
    .enum(loopbackHosts, {
      error:
        'may only be 127.0.0.1, ::1 or localhost: there are no accounts yet, so the hub is for this machine alone',
    })
    .default('127.0.0.1'),
  /** 0 stands for a free port. */
  PORT: z.coerce
    .number({ error: 'must be a number' })
    .int({ error: 'must be a whole number' })
    .min(0, { error: 'must not be negative' })
    .max(65535, { error: 'must be at most 65535' })
    .default(8787),
  /** Nothing is kept yet, so nothing is created or written there. */
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
});

export interface Config {
  readonly host: (typeof loopbackHosts)[number];
  readonly port: number;
  readonly dataDir: string;
  readonly modelsDir?: string;
  readonly inferenceChildren?: number;
  readonly maxUploadBytes: number;
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
  const { HOST, PORT, DATA_DIR, MODELS_DIR, INFERENCE_CHILDREN, MAX_UPLOAD_BYTES } = parsed.data;
  return {
    host: HOST,
    port: PORT,
    dataDir: DATA_DIR,
    maxUploadBytes: MAX_UPLOAD_BYTES,
    ...(MODELS_DIR === undefined ? {} : { modelsDir: MODELS_DIR }),
    ...(INFERENCE_CHILDREN === undefined ? {} : { inferenceChildren: INFERENCE_CHILDREN }),
  };
}
