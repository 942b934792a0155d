import type { Json } from '../../kernel/canonical-json.ts';
import type { Body, Entry } from '../entry.ts';
import { outdatedPreferences } from './preference-state.ts';
import { readBody } from './read-body.ts';
import type { FoldStep } from './fold-step.ts';
import { partOf, placedCount, withoutPart, withPart } from './record-parts.ts';
import type { BodyState, Contribution, Rows } from './tables.ts';

/**
 * Contributions of one kind to one row: more than people make, few enough that a row of the longest (`mostText`) stays a line
 * of an export (`mostLineBytes`).
 */
const mostContributions = 100;

/** Whether the row holds as many as it takes; what comes then waits in the quarantine. */
export function isCrowded(rows: Rows, step: FoldStep): boolean {
  const part = partOf(step.entry);
  return part !== undefined && part.name !== 'set' && placedCount(rows, part) >= mostContributions;
}

/** Puts what an entry of a device says into its row; a second time, with more known, it replaces the first. */
export function foldRecord(rows: Rows, step: FoldStep): void {
  const part = partOf(step.entry);
  if (part === undefined) return;
  const { clear, personal } = read(rows, step);
  withPart(rows, part, step.h, clear, personal);
  if (part.name === 'set') withoutPart(rows, part, outdatedPreferences(part.of(rows)));
}

export function unfoldRecord(rows: Rows, { h, entry }: Pick<FoldStep, 'h' | 'entry'>): void {
  const part = partOf(entry);
  if (part !== undefined) withoutPart(rows, part, [h]);
}

/** Whether the entry has a share in its row already. */
export function isFoldedIn(rows: Rows, { h, entry }: Pick<FoldStep, 'h' | 'entry'>): boolean {
  const part = partOf(entry);
  return part !== undefined && part.of(rows)[h] !== undefined;
}

interface Said {
  readonly clear: object;
  readonly personal?: Json;
}

function read(rows: Rows, step: FoldStep): { clear: Contribution; personal: Json | undefined } {
  const { entry, place } = step;
  const isErased = entry.bodyHash !== null && rows.get('erased', entry.bodyHash) !== undefined;
  const body = isErased ? null : step.body;
  const said = body === null ? undefined : readPart(entry.kind, body);
  const { actor, device, ts } = entry;
  const header = { actor, device, ts, effTs: place?.effTs ?? null };
  const state = stateOf(isErased, entry.bodyHash, body, said);
  return {
    clear: { ...header, ...headerPart(entry), ...said?.clear, body: state },
    personal: said?.personal,
  };
}

function stateOf(isErased: boolean, bodyHash: string | null, body: Body | null, said?: Said): BodyState {
  if (isErased) return 'erased';
  if (bodyHash !== null && body === null) return 'absent';
  return said === undefined ? 'unreadable' : 'present';
}

/** What the header of some kinds tells besides. */
function headerPart({ kind, basedOn }: Entry): object {
  if (kind === 'review.added') return { adjudicates: false, basedOn };
  if (kind === 'review.adjudicated') return { adjudicates: true, basedOn };
  if (kind === 'image.added') return basedOn.length > 0 ? { basedOn } : {};
  return kind === 'entity.tombstoned' ? { basedOn } : {};
}

function readPart(kind: string, body: Body): Said | undefined {
  switch (kind) {
    case 'image.added': {
      const said = readBody('image.added', body);
      if (said === undefined) return undefined;
      const { fileName, patient, ...clear } = said;
      const personal = {
        ...(fileName !== undefined && { fileName }),
        ...(patient !== undefined && { patient }),
      };
      return { clear, ...(Object.keys(personal).length > 0 && { personal }) };
    }
    case 'result.added': {
      const said = readBody('result.added', body);
      if (said === undefined) return undefined;
      const { image, modelSha256s, analysis } = said;
      return { clear: { image, modelSha256s }, personal: { analysis } };
    }
    case 'review.added':
    case 'review.adjudicated': {
      const said = readBody('review.added', body);
      if (said === undefined) return undefined;
      const { note, ...clear } = said;
      return { clear, ...(note !== undefined && { personal: { note } }) };
    }
    case 'entity.tombstoned': {
      const said = readBody('entity.tombstoned', body);
      return said && { clear: {}, personal: { reason: said.reason } };
    }
    case 'preference.set': {
      const said = readBody('preference.set', body);
      return said && { clear: {}, personal: { value: said.value } };
    }
    default:
      throw new TypeError(`${kind} has no row of its own`);
  }
}
