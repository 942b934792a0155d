import type { Body } from '../entry.ts';
import { type BodyOf, kindRule, type KnownKind } from '../kinds.ts';

/** What a body says; undefined where it says nothing that the kind allows. The hash has been checked before. */
export function readBody<Kind extends KnownKind>(kind: Kind, body: Body): BodyOf<Kind> | undefined {
  const parsed = kindRule(kind)?.body.safeParse(jsonOf(body.text));
  return parsed?.success === true ? (parsed.data as BodyOf<Kind>) : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
