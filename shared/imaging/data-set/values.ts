import type { DataElement, Encoding } from './element.ts';

export function findElement(elements: readonly DataElement[], tag: number): DataElement | undefined {
  return elements.find((element) => element.tag === tag);
}

/** The bytes as characters of ISO 8859-1, without padding: enough for VRs of the default repertoire (PS3.5 6.1). */
export function asciiOf(element: DataElement | undefined): string | undefined {
  if (element?.value.kind !== 'bytes') return undefined;
  const text = latin1(element.value.bytes)
    .replace(/[\0 ]+$/, '')
    .trimStart();
  return text === '' ? undefined : text;
}

export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  }
  return text;
}

/** The first value of an element of US, or of a number string. */
export function numberOf(element: DataElement | undefined, { bigEndian }: Encoding): number | undefined {
  if (element?.value.kind !== 'bytes') return undefined;
  const { bytes } = element.value;
  if (element.vr === 'IS' || element.vr === 'DS') {
    const value = Number(latin1(bytes).split('\\')[0]?.replaceAll('\0', '').trim() || Number.NaN);
    return Number.isFinite(value) ? value : undefined;
  }
  if (bytes.length < 2) return undefined;
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint16(0, !bigEndian);
}

/** A text value of the default repertoire. */
export function textElement(tag: number, vr: string, text: string): DataElement {
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0) & 0x7f);
  return { tag, vr, value: { kind: 'bytes', bytes } };
}

export function sequenceElement(tag: number, items: readonly (readonly DataElement[])[]): DataElement {
  return { tag, vr: 'SQ', value: { kind: 'items', items } };
}

/** The elements with those of `changes` in the place of their own, or added. */
export function withElements(
  elements: readonly DataElement[],
  changes: readonly DataElement[],
): readonly DataElement[] {
  const changed = new Set(changes.map(({ tag }) => tag));
  return [...elements.filter(({ tag }) => !changed.has(tag)), ...changes];
}
