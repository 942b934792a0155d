import type { Analysis, AnalysisFinding } from '../shared/api/analysis.ts';
import { heatStrength } from '../shared/inference/heatmap.ts';
import { element, svgElement } from './element.ts';
import { heatmapPixels } from './heatmap-pixels.ts';
import { outlinePath } from './outline-path.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** In the pixels of the image, stretched over it; the line keeps its width at every size. */
export function lungOutline({ outline }: NonNullable<Analysis['lungs']>, image: Size): SVGSVGElement {
  const path = { d: outlinePath(outline), 'vector-effect': 'non-scaling-stroke' };
  return svgElement(
    'svg',
    {
      class: 'overlay outline',
      viewBox: `0 0 ${image.width} ${image.height}`,
      preserveAspectRatio: 'none',
      'aria-hidden': 'true',
    },
    svgElement('path', { ...path, class: 'outline-edge' }),
    svgElement('path', { ...path, class: 'outline-line' }),
  );
}

/** Pixels along the longer side of the map; the browser enlarges it smoothly from there. */
const mapSide = 320;

export function heatmapLayer(finding: AnalysisFinding, image: Size): HTMLCanvasElement {
  const { heatmap } = finding;
  const { x0, y0, x1, y1 } = heatmap.box;
  const scale = mapSide / Math.max(x1 - x0, y1 - y0);
  const width = Math.max(1, Math.round((x1 - x0) * scale));
  const height = Math.max(1, Math.round((y1 - y0) * scale));
  const canvas = element('canvas', {
    class: 'overlay heatmap',
    width: String(width),
    height: String(height),
    'aria-hidden': 'true',
  });
  const pixels = heatmapPixels(heatmap, width, height, heatStrength(finding));
  canvas.getContext('2d')?.putImageData(new ImageData(pixels, width, height), 0, 0);
  canvas.style.left = `${(x0 / image.width) * 100}%`;
  canvas.style.top = `${(y0 / image.height) * 100}%`;
  canvas.style.width = `${((x1 - x0) / image.width) * 100}%`;
  canvas.style.height = `${((y1 - y0) / image.height) * 100}%`;
  return canvas;
}
