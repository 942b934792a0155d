interface PatientSaid {
  readonly name?: string;
  readonly id?: string;
  readonly birthDate?: string;
  readonly sex?: 'F' | 'M' | 'O';
}

const sexes = { F: 'female', M: 'male', O: 'other' } as const;

/** "FAMILY^GIVEN^^^=…" (PS3.5 6.2.1) as people write it: "Family, Given". The first group is the one in letters. */
export function nameInWords(name: string): string {
  const [letters = '', ...others] = name.split('=');
  const group = [letters, ...others].find((part) => part.replaceAll('^', '').trim() !== '') ?? '';
  const [family = '', ...rest] = group.split('^').map((part) => part.trim());
  const given = rest.filter((part) => part !== '').join(' ');
  return [family, given].filter((part) => part !== '').join(', ');
}

/** What a list says of whom; undefined where nothing is known, or people have written down different ones. */
export function patientInShort(patients: readonly PatientSaid[] = []): string | undefined {
  const [{ name, id } = {} as PatientSaid, ...others] = patients;
  if (others.length > 0) return undefined;
  const shown = [name === undefined ? '' : nameInWords(name), id ?? ''].filter((part) => part !== '');
  return shown.length === 0 ? undefined : shown.join(' · ');
}

/** Term and value of what is known. */
export function patientFacts({ name, id, birthDate, sex }: PatientSaid): [string, string][] {
  return [
    ...(name === undefined ? [] : [['Name', nameInWords(name)] as [string, string]]),
    ...(id === undefined ? [] : [['Number', id] as [string, string]]),
    ...(birthDate === undefined ? [] : [['Born', birthDate] as [string, string]]),
    ...(sex === undefined ? [] : [['Sex', sexes[sex]] as [string, string]]),
  ];
}
