import { z } from 'zod';
import type { Endpoint } from './endpoint.ts';

/** Whether the hub can read images, with which models, and how much it has to do. */
export const Health = z.object({
  /** `full`: the hub's disk has no room for a record, so that next to nothing can be asked of it. */
  status: z.enum(['starting', 'ok', 'full', 'stopping']),
  version: z.string(),
  /** Empty until the models have been checked. */
  models: z
    .array(
      z.object({
        name: z.string(),
        version: z.string(),
        sha256: z.string(),
        runtime: z.object({
          name: z.string(),
          version: z.string(),
          backend: z.enum(['cpu', 'wasm', 'webgpu']),
          threads: z.int().positive(),
        }),
        /** Largest difference from the model's reference values, over `values` of them. */
        maxError: z.number(),
        values: z.int().positive(),
        rejectedRuntimes: z.array(z.string()).readonly(),
      }),
    )
    .readonly(),
  pool: z.object({
    /** 0 where images are not read. */
    size: z.int().nonnegative(),
    waiting: z.int().nonnegative(),
    running: z.int().nonnegative(),
    restarts: z.int().nonnegative(),
  }),
  /** What the hub writes to its data folder: accounts and the log, no pictures that were only read. */
  keeps: z.literal('records'),
});
export type Health = z.infer<typeof Health>;

export const healthEndpoint = {
  name: 'health',
  method: 'GET',
  path: '/api/v1/health/',
  summary: 'Whether the hub is ready (200, otherwise 503 with the same body), its models and its load.',
  access: 'anyone',
  request: 'none',
  response: Health,
  audit: 'none',
  errors: [],
} as const satisfies Endpoint;

export const healthEndpoints = [healthEndpoint] as const;
