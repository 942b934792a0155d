import { type CSSProperties, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import type { HeaderRow } from '../../../../shared/imaging/header/header-rows.ts';
import { countInWords } from '../../../ui/words.ts';
import { filterRows } from './filter-rows.ts';
import { firstLines, headerSections, lineCount } from './header-sections.ts';

/** More are drawn when somebody asks: the header of a makers' test file has thousands. */
const firstRows = 300;

export function HeaderTable({ rows }: { readonly rows: readonly HeaderRow[] }) {
  const [search, setSearch] = useState('');
  const [onlyPersonal, setOnlyPersonal] = useState(false);
  const [all, setAll] = useState(false);
  const wanted = useDeferredValue(search);
  const sections = useMemo(() => headerSections(rows), [rows]);
  const found = useMemo(
    () =>
      sections.map(({ title, rows: lines }) => ({ title, rows: filterRows(lines, wanted, onlyPersonal) })),
    [sections, wanted, onlyPersonal],
  );
  const count = lineCount(found);
  const shown = firstLines(found, all ? count : firstRows);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // On a phone the keyboard would cover what has just been opened.
    if (matchMedia('(pointer: fine)').matches) field.current?.focus();
  }, []);
  return (
    <>
      <div className="header-search">
        <label className="header-field">
          Search
          <input
            ref={field}
            type="search"
            value={search}
            placeholder="name, tag or value"
            autoComplete="off"
            onChange={({ target }) => setSearch(target.value)}
          />
        </label>
        <label className="header-check">
          <input
            type="checkbox"
            checked={onlyPersonal}
            onChange={({ target }) => setOnlyPersonal(target.checked)}
          />
          Only what is personal
        </label>
        <p className="hint" role="status">
          {count === rows.length
            ? countInWords(rows.length, 'line', 'lines')
            : `${count} of ${countInWords(rows.length, 'line', 'lines')}`}
        </p>
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by the keyboard */}
      <div className="header-scroll" role="region" aria-label="The lines of the file" tabIndex={0}>
        <table className="header-table">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Value</th>
            </tr>
          </thead>
          {shown.map(({ title, rows: lines }) => (
            <tbody key={title}>
              <tr>
                <th className="header-section" scope="colgroup" colSpan={2}>
                  {title}
                </th>
              </tr>
              {lines.map((row, index) => (
                // oxlint-disable-next-line react/no-array-index-key -- a tag may occur many times; the list is drawn whole
                <Line key={index} row={row} />
              ))}
            </tbody>
          ))}
        </table>
        {count === 0 && <p className="header-none">Nothing in this file fits the search.</p>}
      </div>
      {lineCount(shown) < count && (
        <p>
          <button type="button" className="button" onClick={() => setAll(true)}>
            Show all {count} lines
          </button>
        </p>
      )}
    </>
  );
}

function Line({ row }: { readonly row: HeaderRow }) {
  const { depth, name, tag, vr, value, personal } = row;
  return (
    <tr className={tag === '' ? 'header-item' : undefined}>
      <th scope="row" style={indentedBy(depth)}>
        {depth > 0 && <span className="hidden-text">{`Level ${depth}: `}</span>}
        {name}
        {personal && tag !== '' && <span className="header-personal">personal</span>}
        {tag !== '' && (
          <span className="header-tag">
            {tag} {vr}
          </span>
        )}
      </th>
      <td>{value}</td>
    </tr>
  );
}

function indentedBy(depth: number): CSSProperties {
  return { '--depth': Math.min(depth, 6) } as CSSProperties;
}
