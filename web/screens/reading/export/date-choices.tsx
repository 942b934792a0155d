import type { ExportState } from './export-state.ts';

type Choice = Pick<ExportState, 'longitudinal' | 'cleanDescriptors'>;

interface DateChoicesProps extends Choice {
  readonly onChoose: (choice: Partial<Choice>) => void;
}

/** What of a DICOM header may stay. */
export function DateChoices({ longitudinal, cleanDescriptors, onChoose }: DateChoicesProps) {
  return (
    <fieldset>
      <legend>Dates and descriptions</legend>
      <label>
        <input
          type="radio"
          name="dates"
          checked={!longitudinal}
          onChange={() => onChoose({ longitudinal: false })}
        />
        Take all dates out
      </label>
      <label>
        <input
          type="radio"
          name="dates"
          checked={longitudinal}
          onChange={() => onChoose({ longitudinal: true })}
        />
        Keep the time between pictures: all dates of a patient move into the past by the same days
      </label>
      <label>
        <input
          type="checkbox"
          checked={cleanDescriptors}
          onChange={({ target }) => onChoose({ cleanDescriptors: target.checked })}
        />
        Keep words of the descriptions that name nobody, such as “chest”
      </label>
    </fieldset>
  );
}
