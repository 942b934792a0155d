import { AppError } from '../../../kernel/errors.ts';
import { BitSource } from './bit-source.ts';
import { type BlockTables, blockDecoder, type IntervalState, zigzag } from './block-decoder.ts';
import type { CoefficientPlane, McuGrid } from './coefficient-plane.ts';
import type { Scan } from './jpeg-segments.ts';

/** One block of a scan's MCU: of which component, and where in the MCU. */
interface McuBlock {
  readonly plane: CoefficientPlane;
  readonly tables: BlockTables;
  readonly column: number;
  readonly row: number;
}

/** Decodes a scan of DCT coefficients into the planes of its components. Throws `image.damaged`. */
export function decodeScan(
  scan: Scan,
  isProgressive: boolean,
  planes: readonly CoefficientPlane[],
  grid: McuGrid,
): void {
  checkBand(scan, isProgressive);
  const blocks = mcuBlocks(scan, isProgressive, planes);
  const [only] = blocks;
  // Of one component alone, the MCU is one block, and the blocks that fill up an MCU are not coded (A.2.2).
  const alone = scan.components.length === 1 ? only?.plane : undefined;
  const across = alone?.across ?? grid.across;
  const mcus = across * (alone?.down ?? grid.down);
  const perInterval = scan.restartInterval === 0 ? mcus : scan.restartInterval;
  if (scan.intervals.length < Math.ceil(mcus / perInterval))
    throw new AppError('image.damaged', 'restart intervals of a JPEG scan are missing');
  const decodeBlock = blockDecoder(isProgressive, scan);
  let state: IntervalState | undefined;
  for (let mcu = 0; mcu < mcus; mcu += 1) {
    if (mcu % perInterval === 0) {
      state?.source.checkNotOverrun();
      state = freshState(scan, mcu / perInterval);
    }
    if (state === undefined) return;
    const column = mcu % across;
    const row = (mcu - column) / across;
    if (alone === undefined) {
      for (const block of blocks) {
        const { plane } = block;
        const x = column * plane.component.h + block.column;
        const y = row * plane.component.v + block.row;
        decodeBlock(state, block.tables, plane.coefficients, 64 * (y * plane.stride + x));
      }
    } else if (only !== undefined) {
      decodeBlock(state, only.tables, alone.coefficients, 64 * (row * alone.stride + column));
    }
    if (mcu % across === 0) state.source.checkNotOverrun();
  }
  state?.source.checkNotOverrun();
}

function freshState(scan: Scan, interval: number): IntervalState {
  const bytes = scan.intervals[interval];
  if (bytes === undefined) throw new AppError('image.damaged', 'a restart interval is missing');
  return { source: new BitSource(bytes), predictions: new Int32Array(scan.components.length), endRun: 0 };
}

function checkBand({ from, to, low, components }: Scan, isProgressive: boolean): void {
  const isUsable = isProgressive
    ? from <= to && to <= 63 && low <= 13 && (from > 0 ? components.length === 1 : to === 0)
    : from === 0;
  if (!isUsable) throw new AppError('image.damaged', `a JPEG scan of coefficients ${from} to ${to}`);
}

function mcuBlocks(
  scan: Scan,
  isProgressive: boolean,
  planes: readonly CoefficientPlane[],
): readonly McuBlock[] {
  const needsDc = !isProgressive || (scan.from === 0 && scan.high === 0);
  const needsAc = !isProgressive || scan.from > 0;
  return scan.components.flatMap(({ index, dc, ac }, place) => {
    const plane = planes[index];
    if (plane === undefined) throw new AppError('image.damaged', 'a JPEG scan of an unknown component');
    plane.steps ??= stepsOf(plane, scan);
    const tables = {
      place,
      dc: needsDc ? scan.dcTable(dc) : undefined,
      ac: needsAc ? scan.acTable(ac) : undefined,
    };
    const { h, v } = plane.component;
    return Array.from({ length: h * v }, (_, block) => ({
      plane,
      tables,
      column: block % h,
      row: Math.trunc(block / h),
    }));
  });
}

function stepsOf(plane: CoefficientPlane, scan: Scan): Int32Array {
  const table = scan.quantisation[plane.component.quantisation];
  if (table === undefined) throw new AppError('image.damaged', 'a JPEG component lacks its quantisation');
  const steps = new Int32Array(64);
  for (const [index, natural] of zigzag.entries()) steps[natural] = table[index] ?? 0;
  return steps;
}
