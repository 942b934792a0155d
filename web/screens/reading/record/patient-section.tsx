import { useState } from 'react';
import type { Patient } from '../../../data/reading.ts';
import { Facts } from '../../../ui/facts.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { patientFacts } from '../../../ui/patient-words.ts';
import { PatientForm } from './patient-form.tsx';

interface PatientSectionProps {
  readonly id: string;
  readonly patients: readonly Patient[];
}

/** Whose X-ray it is: as the file says, or as somebody wrote it down. */
export function PatientSection({ id, patients }: PatientSectionProps) {
  const [isWriting, setWriting] = useState(false);
  const isDisputed = patients.length > 1;
  const button = isDisputed ? 'Write down who it is' : patients.length === 0 ? 'Name the patient' : 'Correct';
  return (
    <>
      <h3>Patient</h3>
      {isDisputed && (
        <Notice kind="warning" title="Two different patients were written down for this X-ray." />
      )}
      {patients.map((patient) => (
        <Facts key={JSON.stringify(patient)} facts={patientFacts(patient)} />
      ))}
      {patients.length === 0 && <p className="hint">The file does not say whose X-ray this is.</p>}
      {isWriting ? (
        <PatientForm
          id={id}
          patient={isDisputed ? {} : (patients[0] ?? {})}
          onEnd={() => setWriting(false)}
        />
      ) : (
        <p>
          <button type="button" className="button plain" onClick={() => setWriting(true)}>
            {button}
          </button>
        </p>
      )}
    </>
  );
}
