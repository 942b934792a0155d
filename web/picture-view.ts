import type { Analysis, AnalysisFinding } from '../shared/api/analysis.ts';
import type { GrayImage } from '../shared/imaging/gray-image.ts';
import { heatStrength } from '../shared/inference/heatmap.ts';
import { element } from './element.ts';
import { grayCanvas } from './gray-canvas.ts';
import { heatmapLayer, lungOutline } from './overlays.ts';

const startOpacity = 55;

function checkBox(text: string, layer: HTMLElement | SVGElement): HTMLElement {
  const box = element('input', { type: 'checkbox', checked: true });
  box.addEventListener('change', () => layer.classList.toggle('off', !box.checked));
  return element('label', { class: 'control' }, box, text);
}

function opacitySlider(layer: HTMLElement): HTMLElement {
  const attributes = { type: 'range', min: '0', max: '100', step: '5', value: String(startOpacity) };
  const slider = element('input', { ...attributes, 'aria-label': 'Opacity of the heat map' });
  const apply = (): void => {
    layer.style.opacity = String(Number(slider.value) / 100);
    slider.setAttribute('aria-valuetext', `${slider.value} %`);
  };
  slider.addEventListener('input', apply);
  apply();
  return element('label', { class: 'control slider' }, 'Opacity', slider);
}

function legend(finding: AnalysisFinding): HTMLElement {
  const { name, heatmap } = finding;
  const faded = heatStrength(finding) < 1;
  const empty = heatmap.values.every((value) => value === 0);
  return element(
    'figcaption',
    {},
    element(
      'span',
      { class: 'legend' },
      element('span', {}, 'little'),
      element('span', { class: 'legend-bar', 'aria-hidden': 'true' }),
      element('span', {}, 'much'),
      element('span', {}, `for “${name}”`),
    ),
    element('strong', { class: 'map-note' }, heatmap.note),
    empty
      ? element('span', {}, ' Nothing in the picture spoke for the finding, so the map is empty.')
      : undefined,
    faded && !empty ? element('span', {}, ' It fades with the score below the operating point.') : undefined,
  );
}

/** The picture with its overlays and their switches. The map shown is the first finding's. */
export function pictureView(picture: GrayImage, analysis: Analysis): HTMLElement {
  const canvas = grayCanvas(picture);
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', analysis.image.synthetic ? 'The drawn phantom' : 'The chest X-ray');
  const [finding] = analysis.findings;
  const outline = analysis.lungs && lungOutline(analysis.lungs, picture);
  const map = finding && heatmapLayer(finding, picture);
  const mark = analysis.image.synthetic ? element('span', { class: 'picture-mark' }, 'SYNTHETIC') : undefined;
  const stage = element('div', { class: 'stage' }, canvas, map, outline, mark);
  stage.style.setProperty('--aspect-ratio', String(picture.width / picture.height));
  return element(
    'figure',
    { class: 'picture' },
    stage,
    element(
      'div',
      { class: 'controls', role: 'group', 'aria-label': 'Overlays' },
      outline && checkBox('Lung outline', outline),
      map && checkBox('Heat map', map),
      map && opacitySlider(map),
    ),
    finding && legend(finding),
  );
}
