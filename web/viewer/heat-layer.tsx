import { useEffect, useRef } from 'react';
import type { Heatmap } from '../../shared/api/explanation.ts';
import { heatmapPixels } from './heatmap-pixels.ts';

export interface HeatLayerProps {
  readonly heatmap: Heatmap;
  /** 0 … 1, see `heatStrength`. */
  readonly strength: number;
  /** Of the image. */
  readonly width: number;
  readonly height: number;
  /** 0 … 100 */
  readonly opacity: number;
}

/** Pixels along the longer side of the map; the browser enlarges it smoothly from there. */
const mapSide = 192;

const percent = (share: number): string => `${share * 100}%`;

export function HeatLayer({ heatmap, strength, width, height, opacity }: HeatLayerProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { x0, y0, x1, y1 } = heatmap.box;
  const scale = mapSide / Math.max(x1 - x0, y1 - y0);
  const columns = Math.max(1, Math.round((x1 - x0) * scale));
  const rows = Math.max(1, Math.round((y1 - y0) * scale));

  useEffect(() => {
    const pixels = heatmapPixels(heatmap, columns, rows, strength);
    canvas.current?.getContext('2d')?.putImageData(new ImageData(pixels, columns, rows), 0, 0);
  }, [heatmap, strength, columns, rows]);

  return (
    <canvas
      ref={canvas}
      className="viewer-overlay viewer-heat"
      width={columns}
      height={rows}
      aria-hidden="true"
      style={{
        left: percent(x0 / width),
        top: percent(y0 / height),
        width: percent((x1 - x0) / width),
        height: percent((y1 - y0) / height),
        opacity: opacity / 100,
      }}
    />
  );
}
