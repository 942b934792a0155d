interface StageWordsProps {
  readonly synthetic: boolean;
  /** The heat map on the picture is not to be relied on. */
  readonly doubtful: boolean;
  /** Which picture of the file is seen; empty where it holds one. */
  readonly place: string;
  /** What is not as the file has it. */
  readonly changes: readonly string[];
  /** What the pointer is at; empty when that says nothing. */
  readonly readout: string;
}

/** What must be seen with the picture. The same stands in words beside it, for those who hear it. */
export function StageWords({ synthetic, doubtful, place, changes, readout }: StageWordsProps) {
  return (
    <>
      <div className="stage-top" aria-hidden="true">
        {synthetic && <span className="viewer-mark">SYNTHETIC</span>}
        {place !== '' && <span className="viewer-place">{place}</span>}
        {changes.length > 0 && <span className="viewer-changes">{changes.join(' · ')}</span>}
      </div>
      {doubtful && (
        <span className="viewer-doubt" aria-hidden="true">
          Do not rely on this map
        </span>
      )}
      {readout !== '' && (
        <span className="viewer-readout" aria-hidden="true">
          {readout}
        </span>
      )}
    </>
  );
}
