import { memo } from 'react';
import type { Analysis } from '../../shared/api/analysis.ts';
import { outlinePath } from './outline-path.ts';

export interface LungOutlineProps {
  readonly lungs: NonNullable<Analysis['lungs']>;
  readonly width: number;
  readonly height: number;
}

/** In the pixels of the image, stretched over it. The style sheet keeps the line as thin at every zoom. */
export const LungOutline = memo(function LungOutline({ lungs, width, height }: LungOutlineProps) {
  const path = outlinePath(lungs.outline);
  return (
    <svg
      className="viewer-overlay viewer-outline"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path className="viewer-outline-edge" d={path} vectorEffect="non-scaling-stroke" />
      <path className="viewer-outline-line" d={path} vectorEffect="non-scaling-stroke" />
    </svg>
  );
});
