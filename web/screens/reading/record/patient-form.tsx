import { type SyntheticEvent, useEffect, useId, useRef, useState } from 'react';
import { useServices } from '../../../app/services-context.tsx';
import type { Patient } from '../../../data/reading.ts';
import type { ProblemText } from '../../../engine/engine-state.ts';
import { problemText } from '../../../engine/problem-text.ts';
import { Notice } from '../../../ui/notice.tsx';
import { nameInWords } from '../../../ui/patient-words.ts';
import { patientOf } from './patient-of.ts';

const nothingWritten: ProblemText = {
  code: 'request.invalid',
  title: 'Please write down at least one of these.',
};

interface PatientFormProps {
  readonly id: string;
  readonly patient: Patient;
  readonly onEnd: () => void;
}

export function PatientForm({ id, patient, onEnd }: PatientFormProps) {
  const { records } = useServices();
  const [problem, setProblem] = useState<ProblemText>();
  const first = useRef<HTMLInputElement>(null);
  const field = useId();
  useEffect(() => first.current?.focus(), []);

  const write = async (event: SyntheticEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const written = patientOf(new FormData(event.currentTarget), patient);
    if (written === undefined) return setProblem(nothingWritten);
    try {
      await records.writePatient(id, written);
      onEnd();
    } catch (error) {
      setProblem(problemText(error));
    }
  };
  const { name = '', id: number = '', birthDate = '', sex = '' } = patient;
  return (
    <form className="patient-form" autoComplete="off" onSubmit={(event) => void write(event)}>
      <div className="field">
        <label htmlFor={`${field}name`}>Name</label>
        <input ref={first} id={`${field}name`} name="name" maxLength={300} defaultValue={nameInWords(name)} />
      </div>
      <div className="field">
        <label htmlFor={`${field}id`}>Number</label>
        <input id={`${field}id`} name="id" maxLength={100} defaultValue={number} />
      </div>
      <div className="field">
        <label htmlFor={`${field}birth`}>Born</label>
        <input id={`${field}birth`} name="birthDate" type="date" defaultValue={birthDate} />
      </div>
      <div className="field">
        <label htmlFor={`${field}sex`}>Sex</label>
        <select id={`${field}sex`} name="sex" defaultValue={sex}>
          <option value="">not written down</option>
          <option value="F">female</option>
          <option value="M">male</option>
          <option value="O">other</option>
        </select>
      </div>
      {problem !== undefined && <Notice kind="warning" title={problem.title} alert />}
      <div className="actions">
        <button type="submit" className="button primary">
          Write it down
        </button>
        <button type="button" className="button" onClick={onEnd}>
          Leave it
        </button>
      </div>
    </form>
  );
}
