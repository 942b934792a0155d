import type { Patient } from '../../../data/reading.ts';
import { nameInWords } from '../../../ui/patient-words.ts';

/**
 * What a form says of a patient; undefined where it says nothing.
 * @param before a name that nobody touched stays as the file wrote it
 */
export function patientOf(form: Pick<FormData, 'get'>, before: Patient): Patient | undefined {
  const text = (field: string): string => {
    const value = form.get(field);
    return typeof value === 'string' ? value.trim() : '';
  };
  const [name, id, birthDate, sex] = [text('name'), text('id'), text('birthDate'), text('sex')];
  const isUntouched = before.name !== undefined && name === nameInWords(before.name);
  const patient: Patient = {
    ...(name !== '' && { name: isUntouched ? before.name! : name }),
    ...(id !== '' && { id }),
    ...(/^\d{4}-\d{2}-\d{2}$/.test(birthDate) && { birthDate }),
    ...((sex === 'F' || sex === 'M' || sex === 'O') && { sex }),
  };
  return Object.keys(patient).length === 0 ? undefined : patient;
}
