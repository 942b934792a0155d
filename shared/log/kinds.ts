import { z } from 'zod';
import { mostBodyText } from './entry.ts';
import { Millis, PublicKey, Signature } from './names.ts';

/** What the entries of each kind say, what they are about, and who may write and read them. */

const Sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);
const Text = (most: number): z.ZodString => z.string().max(most);
const RoleName = z.enum(['user', 'doctor', 'admin']);

/** Names and ids of a person: never in clear at rest, never outside a body. */
const Patient = z.strictObject({
  name: Text(300).optional(),
  id: Text(100).optional(),
  birthDate: z.iso.date().optional(),
  sex: z.enum(['F', 'M', 'O']).optional(),
});

/** A codified statement of a reader about one finding. */
const ReadFinding = z.strictObject({
  code: Text(64),
  present: z.enum(['yes', 'no', 'uncertain']),
});

const ReviewBody = z.strictObject({
  findings: z.array(ReadFinding).max(50),
  /** Free text of the reader. */
  note: Text(10_000).optional(),
  /** The results (entities) that lay open when the reader decided; empty for a blinded reading. */
  results: z.array(Text(200)).max(20),
});

const bodies = {
  'image.added': z.strictObject({
    /** Of the file; names its blob. */
    sha256: Sha256Hex,
    bytes: z.int().nonnegative(),
    type: Text(100),
    fileName: Text(300).optional(),
    width: z.int().positive().optional(),
    height: z.int().positive().optional(),
    /** Names the study: the pseudonymous or original Study Instance UID. */
    study: Text(200).optional(),
    acquiredAt: z.iso.datetime({ local: true }).optional(),
    view: Text(16).optional(),
    patient: Patient.optional(),
  }),
  'result.added': z.strictObject({
    /** The image's identity. */
    image: Text(200),
    modelSha256s: z.array(Sha256Hex).min(1).max(8),
    /** Whatever else changed the outcome; a part of the entity (`fold/result-key.ts`). */
    parameters: z.record(z.string().max(64), z.union([Text(200), z.number(), z.boolean()])).optional(),
    /** An `Analysis` (`shared/api/analysis.ts`) without maps; parsed by whoever shows it. */
    analysis: z.record(z.string(), z.json()),
  }),
  'review.added': ReviewBody,
  'review.adjudicated': ReviewBody,
  /** `basedOn`: what of it the person had seen. What it had not seen, or comes later, brings the entity back. */
  'entity.tombstoned': z.strictObject({ reason: Text(1000) }),
  /** The entity is the body's hash; `basedOn` names the entries that carry it. */
  'body.erased': z.strictObject({ reason: Text(1000) }),
  'preference.set': z.strictObject({ value: z.json() }),
  'user.approved': z.strictObject({ role: RoleName }),
  'user.role-set': z.strictObject({ role: RoleName }),
  'user.disabled': z.strictObject({ reason: Text(1000).optional() }),
  /** The actor may write on the device from now on; one for each further person who signs in there. */
  'device.enrolled': z.strictObject({
    key: PublicKey,
    name: Text(200),
    /** `hub`: a chain of the hub itself. Then `voucher` is the root key's signature over `hub-device:1\n` and canonical `{clinic, device}`. */
    role: z.enum(['device', 'hub']),
    voucher: Signature.optional(),
  }),
  'device.forked': z.strictObject({ n: z.int().positive(), hs: z.array(Sha256Hex).min(2).max(64) }),
  'device.revoked': z.strictObject({ reason: Text(1000).optional() }),
  'model.activated': z.strictObject({ name: Text(100), version: Text(50), sha256: Sha256Hex }),
  'model.retired': z.strictObject({ reason: Text(1000).optional() }),
  'operating-point.set': z.strictObject({ modelSha256: Sha256Hex, threshold: z.number().min(0).max(1) }),
  /** The entity is the entry's hash, here and for its release. */
  'entry.quarantined': z.strictObject({ reason: Text(1000) }),
  'entry.released': z.strictObject({ reason: Text(1000) }),
} as const satisfies Record<string, z.ZodType>;

/** Anything a person opened, printed, was refused …: what it was stands in the entity; the rest is small and free of names. */
const AuditBody = z.strictObject({
  at: Millis.optional(),
  counts: z.record(z.string().max(64), z.int().nonnegative()).optional(),
  detail: Text(1000).optional(),
});

export type KnownKind = keyof typeof bodies;

export interface KindRule {
  readonly body: z.ZodType;
  /** Of the body's text, in UTF-16 units; a longer one says nothing. Some hundred of them stand together in one row. */
  readonly mostText: number;
  /** `hub`: only a chain that the hub's root key vouches for may write it; `device`: any enrolled device. */
  readonly writer: 'device' | 'hub';
  /** The roles of an actor that make it count; another's is quarantined. Not looked at for `hub` kinds. */
  readonly roles: readonly ('user' | 'doctor' | 'admin')[];
  /** `clinic`: every account of the clinic reads the body; `admin`: administrators and the hub alone. */
  readonly readers: 'clinic' | 'admin';
  /** Whether a person's request or retention may erase the body. Rights must be replayed, so theirs stay. */
  readonly erasable: boolean;
}

const everybody = ['user', 'doctor', 'admin'] as const;
const readersOfFilms = ['doctor', 'admin'] as const;

const mostTexts: Partial<Record<KnownKind, number>> = {
  'image.added': 8 * 1024,
  'result.added': 96 * 1024,
  'review.added': 32 * 1024,
  'review.adjudicated': 32 * 1024,
  'entity.tombstoned': 8 * 1024,
};

function rule(kind: KnownKind): Omit<KindRule, 'body' | 'mostText'> {
  switch (kind) {
    case 'image.added':
    case 'result.added':
    case 'preference.set':
      return { writer: 'device', roles: everybody, readers: 'clinic', erasable: true };
    case 'review.added':
    case 'review.adjudicated':
    case 'entity.tombstoned':
      return { writer: 'device', roles: readersOfFilms, readers: 'clinic', erasable: true };
    case 'body.erased':
    case 'user.approved':
    case 'user.role-set':
    case 'user.disabled':
    case 'device.enrolled':
    case 'device.forked':
    case 'device.revoked':
    case 'model.activated':
    case 'model.retired':
    case 'operating-point.set':
    case 'entry.quarantined':
    case 'entry.released':
      return { writer: 'hub', roles: everybody, readers: 'clinic', erasable: false };
  }
}

const knownRules: ReadonlyMap<string, KindRule> = new Map(
  (Object.keys(bodies) as KnownKind[]).map((kind) => [
    kind,
    { body: bodies[kind], mostText: mostTexts[kind] ?? mostBodyText, ...rule(kind) },
  ]),
);

const auditRule: KindRule = {
  body: AuditBody,
  mostText: mostBodyText,
  writer: 'device',
  roles: everybody,
  readers: 'admin',
  erasable: false,
};

/** Undefined for a kind that this version does not know: such entries are kept and passed on, never folded. */
export function kindRule(kind: string): KindRule | undefined {
  return knownRules.get(kind) ?? (kind.startsWith('audit.') ? auditRule : undefined);
}

/** The body of a known kind. */
export type BodyOf<Kind extends KnownKind> = z.infer<(typeof bodies)[Kind]>;
export type AuditBody = z.infer<typeof AuditBody>;
