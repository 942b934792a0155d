import type { Body } from '../entry.ts';
import { type BodyOf, kindRule, type KnownKind } from '../kinds.ts';

/** No kind needs more. Beyond it, whether a body can be read would depend on the room that a program has left. */
const mostDepth = 32;

/**
 * What a body says; undefined where it says nothing that the kind allows, or nothing that every program can write down
 * again. The hash has been checked before.
 */
export function readBody<Kind extends KnownKind>(kind: Kind, body: Body): BodyOf<Kind> | undefined {
  const rule = kindRule(kind);
  if (rule === undefined || body.text.length > rule.mostText) return undefined;
  const value = jsonOf(body.text);
  const parsed = isPlain(value, mostDepth) ? rule.body.safeParse(value) : undefined;
  return parsed?.success === true ? (parsed.data as BodyOf<Kind>) : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isPlain(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) return false;
  if (Array.isArray(value)) return value.every((one) => isPlain(one, depth - 1));
  const members = value as Readonly<Record<string, unknown>>;
  return Object.keys(members).every((name) => name.isWellFormed() && isPlain(members[name], depth - 1));
}
