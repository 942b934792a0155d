// Dates moved by whole days (PS3.15 E.3.6). The distances between the dates of a patient stay as they are; times of day do
// not change.

const dayMs = 86_400_000;

/**
 * A DA value, or the date of a DT value, `days` earlier; several values are separated by backslashes. Undefined where a
 * value is no whole date: what cannot be moved must not stay. The offset from UTC of a DT is left out, it names a region.
 */
export function shiftDates(text: string, vr: 'DA' | 'DT', days: number): string | undefined {
  const shifted = text.split('\\').map((value) => shiftOne(value.trim(), vr, days));
  return shifted.includes(undefined) ? undefined : shifted.join('\\');
}

function shiftOne(value: string, vr: 'DA' | 'DT', days: number): string | undefined {
  if (value === '') return '';
  const pattern =
    vr === 'DA'
      ? /^(\d{4})\.?(\d{2})\.?(\d{2})$/
      : /^(\d{4})(\d{2})(\d{2})((?:\d{2}){0,3}(?:\.\d{1,6})?)(?:[+-]\d{4})?$/;
  const [, year, month, day, time = ''] = pattern.exec(value) ?? [];
  if (year === undefined) return undefined;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (!date.toISOString().startsWith(`${year}-${month}-${day}`)) return undefined;
  const moved = new Date(date.getTime() - days * dayMs).toISOString();
  return `${moved.slice(0, 10).replaceAll('-', '')}${time}`;
}

/** A TM value of the standard or its predecessor (PS3.5 6.2). */
export function isTime(text: string): boolean {
  return text
    .split('\\')
    .every((value) =>
      /^(?:\d{2}){0,3}(?:\.\d{1,6})?$|^\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?$/.test(value.trim()),
    );
}
