// Ages in years from the values of Patient's Age (AS), Patient's Birth Date and Study Date (DA), PS3.5 6.2. What is no
// such value gives no age.

const daysPerUnit: Readonly<Record<string, number>> = { D: 1, W: 7, M: 365.25 / 12, Y: 365.25 };

/** AS is nnnD, nnnW, nnnM or nnnY. */
export function yearsOfAge(age: string | undefined): number | undefined {
  const [, count, unit] = /^(\d{3})([DWMY])$/.exec(age ?? '') ?? [];
  return count === undefined || unit === undefined
    ? undefined
    : (Number(count) * (daysPerUnit[unit] ?? 0)) / 365.25;
}

/** Whole years by the calendar, so that a birthday counts on its day, plus the share of the running year. */
export function yearsBetween(
  birthDate: string | undefined,
  studyDate: string | undefined,
): number | undefined {
  const born = dayOf(birthDate);
  const seen = dayOf(studyDate);
  if (born === undefined || seen === undefined || seen < born) return undefined;
  const birthday = (age: number): number =>
    Date.UTC(born.getUTCFullYear() + age, born.getUTCMonth(), born.getUTCDate());
  const calendarYears = seen.getUTCFullYear() - born.getUTCFullYear();
  const age = birthday(calendarYears) > seen.getTime() ? calendarYears - 1 : calendarYears;
  return age + (seen.getTime() - birthday(age)) / (birthday(age + 1) - birthday(age));
}

/** A DA value, YYYYMMDD, or YYYY.MM.DD of the standard's predecessor; 20201399 is no day. */
function dayOf(date: string | undefined): Date | undefined {
  const [, year, month, day] = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(date ?? '') ?? [];
  if (year === undefined) return undefined;
  const found = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return found.toISOString().startsWith(`${year}-${month}-${day}`) ? found : undefined;
}
