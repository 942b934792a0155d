// Numbers that are measurements. An id or a date is a number, too: what has more digits than anything that is measured or
// counted goes.

import { latin1 } from '../data-set/values.ts';

/** Room for 999,999: a count, a size in micrometres, a dose; a date takes eight digits. */
const maxWholeDigits = 6;
const maxSignificantDigits = 10;
/** PS3.5 6.2. */
const maxDecimalLength = 16;
const wholeNumber = /^[+-]?\d{1,6}$/;
const decimalNumber = /^[+-]?(\d+\.?\d*|\.\d+)(E[+-]?\d{1,2})?$/i;

/**
 * Spacings and aspect ratio, magnification, number of frames, window and rescale: a decoder reads them with what is written
 * behind the number, so that is how they are kept.
 */
const displayTags: ReadonlySet<number> = new Set([
  0x00181114, 0x00181164, 0x00182010, 0x00280008, 0x00280030, 0x00280034, 0x00281050, 0x00281051, 0x00281052,
  0x00281053,
]);

/** IS or DS; several values are separated by backslashes. Undefined where a value is none that may stay. */
export function cleanNumbers(text: string, tag: number, vr: string): string | undefined {
  const values = text.split('\\').map((value) => value.replaceAll('\0', ' ').trim());
  const isShown = displayTags.has(tag);
  const cleaned = values.map((value) => {
    if (value === '') return '';
    if (isShown) return shownNumber(value, vr);
    if (vr === 'IS') return wholeNumber.test(value) ? value : undefined;
    return decimalNumber.test(value) ? decimal(value) : undefined;
  });
  return cleaned.includes(undefined) ? undefined : cleaned.join('\\');
}

/** What no decoder can read says nothing; the others keep their place. */
function shownNumber(value: string, vr: string): string | undefined {
  const number = Number.parseFloat(value);
  if (Number.isNaN(number)) return '';
  if (Math.abs(number) >= 10 ** maxWholeDigits) return undefined;
  return decimal(vr === 'DS' && decimalNumber.test(value) ? value : String(number));
}

/** As it is, or rounded where it has more digits than a measurement. */
function decimal(value: string): string | undefined {
  const number = Number(value);
  if (Math.abs(number) >= 10 ** maxWholeDigits) return undefined;
  const digits = value.replace(/E.*$/i, '').replaceAll(/[^\d]|^[^1-9]+/g, '').length;
  const isShort = digits <= maxSignificantDigits && value.length <= maxDecimalLength;
  return isShort ? value : String(Number(number.toPrecision(maxSignificantDigits)));
}

const bytesPerNumber: Readonly<Record<string, number>> = { AT: 4, FD: 8, FL: 4, SL: 4, SS: 2, UL: 4, US: 2 };
/** Of values that are no table. */
const maxValues = 64;

/** Whole numbers of the VR's width, not many, and no text in their place. */
export function isBinaryNumber(bytes: Uint8Array, vr: string): boolean {
  const width = bytesPerNumber[vr] ?? 1;
  if (bytes.length % width !== 0 || bytes.length > maxValues * width) return false;
  const text = latin1(bytes);
  // In words of 16 bits a letter may have a zero beside it.
  return !looksWritten(text, vr) && !looksWritten(text.replaceAll('\0', ''), vr);
}

/** Fractions hold runs of one byte: 0.7 is 66 66 66 66 66 E6 3F, which reads "fffff". */
function looksWritten(text: string, vr: string): boolean {
  const [letters, digits] = vr === 'FD' || vr === 'FL' ? [5, 7] : [4, 6];
  const runs = [
    ...text.matchAll(new RegExp(`[A-Za-z]{${letters},}`, 'g')),
    ...text.matchAll(new RegExp(`[0-9]{${digits},}`, 'g')),
    ...text.matchAll(/[A-Za-z0-9 ^.,'-]{8,}/g),
  ];
  return runs.some(([run]) => new Set(run).size > 1);
}
