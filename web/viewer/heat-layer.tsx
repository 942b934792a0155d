import { memo, useEffect, useRef } from 'react';
import type { Heatmap } from '../../shared/api/explanation.ts';
import { heatmapPixels } from './heatmap-pixels.ts';

/** A map and how it is drawn. */
export interface DrawnHeat {
  readonly heatmap: Heatmap;
  /** 0 … 1, see `heatStrength`. */
  readonly strength: number;
  /** It is not to be relied on: drawn in stripes and within a broken line. */
  readonly doubtful: boolean;
}

export interface HeatLayerProps extends DrawnHeat {
  /** Of the image. */
  readonly width: number;
  readonly height: number;
  /** 0 … 100 */
  readonly opacity: number;
}

/** Pixels along the longer side of the map; the browser enlarges it smoothly from there. */
const mapSide = 192;

const percent = (share: number): string => `${share * 100}%`;

export const HeatLayer = memo(function HeatLayer({
  heatmap,
  strength,
  doubtful,
  width,
  height,
  opacity,
}: HeatLayerProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { x0, y0, x1, y1 } = heatmap.box;
  const scale = mapSide / Math.max(x1 - x0, y1 - y0);
  const columns = Math.max(1, Math.round((x1 - x0) * scale));
  const rows = Math.max(1, Math.round((y1 - y0) * scale));

  useEffect(() => {
    const pixels = heatmapPixels(heatmap, columns, rows, strength);
    canvas.current?.getContext('2d')?.putImageData(new ImageData(pixels, columns, rows), 0, 0);
  }, [heatmap, strength, columns, rows]);

  const place = {
    left: percent(x0 / width),
    top: percent(y0 / height),
    width: percent((x1 - x0) / width),
    height: percent((y1 - y0) / height),
  };
  return (
    <>
      <canvas
        ref={canvas}
        className={`viewer-overlay viewer-heat${doubtful ? ' striped' : ''}`}
        width={columns}
        height={rows}
        aria-hidden="true"
        style={{ ...place, opacity: opacity / 100 }}
      />
      {doubtful && opacity > 0 && (
        <div className="viewer-overlay viewer-heat-frame" aria-hidden="true" style={place} />
      )}
    </>
  );
});
