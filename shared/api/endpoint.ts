import type { z } from 'zod';
import type { ErrorCode } from '../kernel/errors.ts';

export const roles = ['user', 'doctor', 'admin'] as const;
export type Role = (typeof roles)[number];

/** Everybody with an account that is approved and not disabled. */
export const anyRole: readonly Role[] = [...roles];

/**
 * What the log keeps of a request. `entry`: one entry `audit.KIND` by the hub. `itself`: what is asked for is written as
 * entries of their own kinds. `aggregate`: counted by device and hour. `none`: nothing of a person is seen or changed.
 */
export type Audit = { readonly entry: `audit.${string}` } | 'itself' | 'aggregate' | 'none';

/** One row of the API: the hub's routes are made from these rows and there are no others. */
export interface Endpoint {
  readonly name: string;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `:parameters` as Hono writes them. */
  readonly path: `/api/v1/${string}`;
  readonly summary: string;
  /** `anyone`: no account is needed. Every other request sees its own clinic only. */
  readonly access: 'anyone' | readonly Role[];
  /** `multipart-file`: multipart/form-data with exactly one field, `file`. `bytes`: a raw body of at most 1 MiB. */
  readonly request: 'none' | 'json' | 'bytes' | 'multipart-file';
  /** Of a JSON body. */
  readonly body?: z.ZodType;
  /** The same, quickly: what it does not know to be right, `body` judges. */
  readonly readBody?: (value: unknown) => unknown;
  /** Of a JSON body, where 64 KiB are not enough. */
  readonly maxBodyBytes?: number;
  readonly params?: z.ZodType;
  /** Parameters after the `?`; others are not looked at. */
  readonly query?: z.ZodType;
  /** `bytes` and `json-lines` are streams; `none` is a 204, or the headers alone. */
  readonly response: z.ZodType | 'bytes' | 'json-lines' | 'none';
  readonly audit: Audit;
  /**
   * What it may answer besides `response`, apart from what its access, its request and the host imply
   * (`account.signed-out`, `account.forbidden`, `request.invalid`, `request.too-large`, `request.cross-site`, `server.internal` …),
   * and from the intake reasons of a refused image (status 422).
   */
  readonly errors: readonly ErrorCode[];
}
