// The values of elements as people read them (PS3.5 6.2). Shortened where they are long; never interpreted where they are
// not in the form of their VR.

import { type DataElement, type Encoding, tagText } from '../data-set/element.ts';
import { latin1 } from '../data-set/values.ts';
import { decodeValue, type DecodeText } from './character-sets.ts';
import { uidName } from './uid-names.ts';

const maxCharacters = 2000;
const maxNumbers = 24;
const encodedVrs: ReadonlySet<string> = new Set('LO LT PN SH ST UC UT'.split(' '));
const asciiVrs: ReadonlySet<string> = new Set('AE AS CS DA DS DT IS TM UI UR'.split(' '));
/** One value, in which a backslash is a character. */
const singleVrs: ReadonlySet<string> = new Set('LT ST UR UT'.split(' '));

export interface TextContext {
  readonly encoding: Encoding;
  /** The values of Specific Character Set. */
  readonly characterSets: readonly string[];
  readonly decode: DecodeText;
}

/** Several values are separated by commas, or by semicolons where they are texts. */
export function valueText({ vr, value }: DataElement, context: TextContext): string {
  if (value.kind === 'items') return value.items.length === 1 ? '1 item' : `${value.items.length} items`;
  if (value.kind === 'fragments') return `compressed, ${bytesInWords(sum(value.fragments))}`;
  const { bytes } = value;
  if (encodedVrs.has(vr)) return textOf(decodeValue(bytes, context.characterSets, context.decode), vr);
  if (asciiVrs.has(vr)) return textOf(latin1(bytes), vr);
  const numbers = readNumbers(bytes, vr, context.encoding);
  if (numbers === undefined) return bytesInWords(bytes.length);
  const shown = numbers.slice(0, maxNumbers).join(', ');
  return numbers.length > maxNumbers ? `${shown} … (${numbers.length} values)` : shown;
}

function sum(parts: readonly Uint8Array[]): number {
  return parts.reduce((total, { length }) => total + length, 0);
}

function bytesInWords(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'byte' : 'bytes'}`;
}

function textOf(decoded: string, vr: string): string {
  const values = singleVrs.has(vr) ? [decoded] : decoded.split('\\');
  const shown = values.map((value) => readable(value.replaceAll('\0', '').trim(), vr));
  // An empty value has its place among the others.
  const text = shown.every((value) => value === '') ? '' : shown.map((value) => value || '–').join('; ');
  return text.length > maxCharacters ? `${text.slice(0, maxCharacters)} …` : text;
}

function readable(value: string, vr: string): string {
  switch (vr) {
    case 'PN':
      return personName(value);
    case 'DA':
      return value.replace(/^(\d{4})\.?(\d{2})\.?(\d{2})$/, '$1-$2-$3');
    case 'TM':
      return clockTime(value);
    case 'DT':
      return value.replace(
        /^(\d{4})(\d{2})(\d{2})(\d{2}(?:\d{2}){0,2}(?:\.\d+)?)?([+-]\d{4})?$/,
        (_, year: string, month: string, day: string, time = '', zone = '') =>
          [`${year}-${month}-${day}`, clockTime(time), zone].filter((part) => part !== '').join(' '),
      );
    case 'AS':
      return ageInWords(value);
    case 'UI': {
      const name = uidName(value);
      return name === undefined ? value : `${name} (${value})`;
    }
    default:
      return value;
  }
}

function clockTime(value: string): string {
  return value.replace(
    /^(\d{2})(\d{2})?(\d{2}(?:\.\d+)?)?$/,
    (_, hours: string, minutes = '00', seconds = '') =>
      seconds === '' ? `${hours}:${minutes}` : `${hours}:${minutes}:${seconds}`,
  );
}

const units: Readonly<Record<string, string>> = { D: 'day', W: 'week', M: 'month', Y: 'year' };

function ageInWords(value: string): string {
  const [, count, unit = ''] = /^(\d{3})([DWMY])$/.exec(value) ?? [];
  if (count === undefined) return value;
  const number = Number(count);
  return `${number} ${units[unit]}${number === 1 ? '' : 's'}`;
}

/** Family, given, middle, prefix, suffix (PS3.5 6.2.1.1); the groups are alphabetic, ideographic and phonetic. */
function personName(value: string): string {
  return value
    .split('=')
    .map((group) => {
      const [family = '', ...others] = group.split('^').map((part) => part.trim());
      const rest = others.filter((part) => part !== '').join(' ');
      return family === '' || rest === '' ? family + rest : `${family}, ${rest}`;
    })
    .filter((group) => group !== '')
    .join(' = ');
}

function readNumbers(
  bytes: Uint8Array,
  vr: string,
  { bigEndian }: Encoding,
): (number | string)[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = !bigEndian;
  const readers: Readonly<Record<string, readonly [number, (at: number) => number | string]>> = {
    AT: [4, (at) => tagText(view.getUint16(at, little) * 0x10000 + view.getUint16(at + 2, little))],
    FD: [8, (at) => view.getFloat64(at, little)],
    FL: [4, (at) => Number(view.getFloat32(at, little).toPrecision(7))],
    SL: [4, (at) => view.getInt32(at, little)],
    SS: [2, (at) => view.getInt16(at, little)],
    SV: [8, (at) => view.getBigInt64(at, little).toString()],
    UL: [4, (at) => view.getUint32(at, little)],
    US: [2, (at) => view.getUint16(at, little)],
    UV: [8, (at) => view.getBigUint64(at, little).toString()],
  };
  const [width, read] = readers[vr] ?? [];
  if (width === undefined || read === undefined || bytes.length % width !== 0) return undefined;
  return Array.from({ length: bytes.length / width }, (_, index) => read(index * width));
}
