import type { Projection } from '../stage-geometry.ts';
import { stageAt } from '../stage-geometry.ts';
import type { Point, Size } from '../view-transform.ts';
import type { Part } from './hit-test.ts';
import { type Measurement, type MeasureTool, regionOf } from './measurement.ts';

/** One that is drawn, with what stands beside it. */
export interface DrawnMeasurement extends Pick<Measurement, 'kind' | 'points'> {
  readonly key: string;
  readonly words: string;
  /** Which part the keys and the finger would move. */
  readonly selected: Part | undefined;
}

interface MeasureLayerProps {
  readonly drawn: readonly DrawnMeasurement[];
  readonly crosshair: Point | undefined;
  readonly projection: Projection;
  /** In CSS pixels. */
  readonly stage: Size;
}

const crossArm = 14;
const crossGap = 4;
const handleRadius = 5;

/** Over the picture and not part of it: lines and letters are as thick at every zoom, and letters stand upright. */
export function MeasureLayer({ drawn, crosshair, projection, stage }: MeasureLayerProps) {
  if (drawn.length === 0 && crosshair === undefined) return null;
  const place = (point: Point): Point => stageAt(point, projection);
  return (
    <svg className="measure-layer" width={stage.width} height={stage.height} aria-hidden="true">
      {drawn.map(({ key, kind, points, words, selected }) => (
        <g key={key} className={selected === undefined ? 'measured' : 'measured selected'}>
          <Outlined path={pathOf(kind, points, place)} />
          {selected !== undefined &&
            points.map((point, index) => (
              // oxlint-disable-next-line react/no-array-index-key -- points have no other name
              <Handle key={index} at={place(point)} strong={selected === index} />
            ))}
          <Label words={words} points={points.map(place)} stage={stage} />
        </g>
      ))}
      {crosshair !== undefined && <Crosshair at={place(crosshair)} />}
    </svg>
  );
}

/** Light on dark and dark on light. */
function Outlined({ path }: { readonly path: string }) {
  return (
    <>
      <path className="measure-edge" d={path} />
      <path className="measure-line" d={path} />
    </>
  );
}

function Handle({ at, strong }: { readonly at: Point; readonly strong: boolean }) {
  return (
    <circle
      className={strong ? 'measure-handle strong' : 'measure-handle'}
      cx={at.x}
      cy={at.y}
      r={handleRadius}
    />
  );
}

interface LabelProps {
  readonly words: string;
  readonly points: readonly Point[];
  readonly stage: Size;
}

/** About as wide as a letter gets; measuring the text would lay out the page at every step of a drag. */
const letterWidth = 9.4;
const labelMargin = 6;

/** Below the lowest point, on the side where there is room, and never beyond the edge. */
function Label({ words, points, stage }: LabelProps) {
  const lowest = points.toSorted((a, b) => b.y - a.y)[0];
  if (words === '' || lowest === undefined) return null;
  const width = words.length * letterWidth;
  const wanted = lowest.x > stage.width / 2 ? lowest.x - 10 - width : lowest.x + 10;
  const x = Math.max(labelMargin, Math.min(stage.width - width - labelMargin, wanted));
  const y = Math.min(stage.height - 8, Math.max(18, lowest.y + 20));
  return (
    <text className="measure-words" x={x} y={y}>
      {words}
    </text>
  );
}

function Crosshair({ at: { x, y } }: { readonly at: Point }) {
  const arm = (dx: number, dy: number): string =>
    `M${x + dx * crossGap} ${y + dy * crossGap}L${x + dx * crossArm} ${y + dy * crossArm}`;
  return (
    <g className="measure-cross">
      <Outlined path={[arm(1, 0), arm(-1, 0), arm(0, 1), arm(0, -1)].join('')} />
    </g>
  );
}

function line(points: readonly Point[], closed: boolean): string {
  return `M${points.map(({ x, y }) => `${x} ${y}`).join('L')}${closed ? 'Z' : ''}`;
}

function pathOf(kind: MeasureTool, points: readonly Point[], place: (point: Point) => Point): string {
  if (kind === 'probe') {
    const { x, y } = place(points[0]!);
    return `M${x - 6} ${y}H${x + 6}M${x} ${y - 6}V${y + 6}`;
  }
  if (kind !== 'rectangle') return line(points.map(place), false);
  // Around the pixels that are counted.
  const { left, top, right, bottom } = regionOf(points);
  const corners = [
    { x: left, y: top },
    { x: right + 1, y: top },
    { x: right + 1, y: bottom + 1 },
    { x: left, y: bottom + 1 },
  ];
  return line(corners.map(place), true);
}
