import { type Dispatch, useId, useRef } from 'react';
import type { PixelSpacing } from '../../../shared/imaging/pixel-spacing.ts';
import type { ViewerAction } from '../viewer-state.ts';
import { spacingInWords, toolNames } from './measured-words.ts';
import type { Measurement } from './measurement.ts';

/** A line of the list. */
export interface ListedMeasurement {
  readonly item: Measurement;
  readonly words: string;
  readonly selected: boolean;
}

interface MeasureListProps {
  readonly listed: readonly ListedMeasurement[];
  readonly spacing: PixelSpacing | undefined;
  /** Of the file. */
  readonly frames: number;
  readonly dispatch: Dispatch<ViewerAction>;
}

/** What has been measured, as text: for those who do not see the lines, and for writing it down. */
export function MeasureList({ listed, spacing, frames, dispatch }: MeasureListProps) {
  const captionId = useId();
  const table = useRef<HTMLTableElement>(null);
  if (listed.length === 0) return null;
  const remove = (id: number): void => {
    // The button goes with its line; the focus goes to the one beside it, or to the picture.
    const buttons = [...(table.current?.querySelectorAll<HTMLElement>('.measure-delete') ?? [])];
    const index = listed.findIndex(({ item }) => item.id === id);
    const next = buttons[index + 1] ?? buttons[index - 1];
    const stage = table.current?.closest('.viewer')?.querySelector<HTMLElement>('.viewer-stage');
    (next ?? stage)?.focus();
    dispatch({ type: 'remove', id });
  };
  return (
    <div className="measure-list">
      <h3 id={captionId}>Measurements</h3>
      <table ref={table} aria-labelledby={captionId}>
        <thead>
          <tr>
            <th scope="col">Kind</th>
            <th scope="col">Value</th>
            <th scope="col">
              <span className="hidden-text">Delete</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {listed.map(({ item, words, selected }) => {
            const name = `${toolNames[item.kind]} ${item.id}`;
            return (
              <tr key={item.id} className={selected ? 'selected' : undefined}>
                <th scope="row">
                  <button
                    type="button"
                    className="measure-select"
                    aria-pressed={selected}
                    onClick={() => dispatch({ type: 'select', id: item.id })}
                  >
                    {name}
                  </button>
                </th>
                <td>
                  {words}
                  {frames > 1 && ` (picture ${item.frame + 1})`}
                </td>
                <td>
                  <button
                    type="button"
                    className="measure-delete"
                    aria-label={`Delete ${name}`}
                    onClick={() => remove(item.id)}
                  >
                    Delete
                  </button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className="measure-note">{spacingInWords(spacing)}</p>
    </div>
  );
}
