import { z } from 'zod';
import { Checkpoint, Placement } from '../log/checkpoint.ts';
import { Entry } from '../log/entry.ts';
import { Hash, PublicKey } from '../log/names.ts';
import { anyRole, type Endpoint } from './endpoint.ts';

const AuditPage = z.object({
  /** The newest first. */
  entries: z.array(
    z.object({
      entry: Entry,
      place: Placement,
      /** Canonical JSON; null where the entry has none, and where it is not here or erased. */
      body: z.string().nullable(),
    }),
  ),
  /** `before` of the next page; absent behind the oldest. */
  next: z.int().nonnegative().optional(),
});

export const auditEntriesEndpoint = {
  name: 'auditEntries',
  method: 'GET',
  path: '/api/v1/audit/entries',
  summary: 'The clinic’s log with what its entries say, the newest first.',
  access: ['admin'],
  request: 'none',
  query: z.object({
    before: z.coerce.number().pipe(z.int().nonnegative()).optional(),
    limit: z.coerce.number().pipe(z.int().min(1).max(200)).default(50),
    kind: z
      .string()
      .regex(/^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/)
      .max(64)
      .optional(),
  }),
  response: AuditPage,
  audit: { entry: 'audit.read-the-log' },
  errors: [],
} as const satisfies Endpoint;

export const auditCheckpointEndpoint = {
  name: 'auditCheckpoint',
  method: 'GET',
  path: '/api/v1/audit/checkpoint',
  summary: 'What the hub signs of the clinic’s log as it is now, and the key that it signs with.',
  access: anyRole,
  request: 'none',
  response: z.object({ checkpoint: Checkpoint, rootKey: PublicKey }),
  audit: 'none',
  errors: [],
} as const satisfies Endpoint;

export const auditProofEndpoint = {
  name: 'auditProof',
  method: 'GET',
  path: '/api/v1/audit/proof',
  summary:
    'Proves that an entry is in the tree, or that the tree extends an earlier one (RFC 9162 section 2.1).',
  access: anyRole,
  request: 'none',
  query: z.union([
    z.object({ h: Hash, size: z.undefined().optional() }),
    z.object({ h: z.undefined().optional(), size: z.coerce.number().pipe(z.int().nonnegative()) }),
  ]),
  response: z.object({
    checkpoint: Checkpoint,
    proof: z.array(Hash),
    /** Of the entry that was asked for. */
    place: Placement.optional(),
    /** The tree of the size that was asked for. */
    earlier: z.object({ size: z.int().nonnegative(), root: Hash }).optional(),
  }),
  audit: 'none',
  errors: ['log.unknown-entry'],
} as const satisfies Endpoint;

export const auditExportEndpoint = {
  name: 'auditExport',
  method: 'GET',
  path: '/api/v1/audit/export',
  summary: 'All records of the clinic as one JSON Lines file, which proves itself (`npx fieldray verify`).',
  access: ['admin'],
  request: 'none',
  response: 'json-lines',
  audit: 'itself',
  errors: [],
} as const satisfies Endpoint;

export const auditEndpoints = [
  auditEntriesEndpoint,
  auditCheckpointEndpoint,
  auditProofEndpoint,
  auditExportEndpoint,
] as const;
