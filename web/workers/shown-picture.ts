import type { LoadCodec } from '../../shared/imaging/codecs/codec-binaries.ts';
import { decodeImage, type DecodedImage } from '../../shared/imaging/decode-image.ts';
import type { PixelSpacing } from '../../shared/imaging/pixel-spacing.ts';
import { pixelValues, type PixelValues } from '../../shared/imaging/pixel-values.ts';
import type { PictureInfo } from '../engine/picture-api.ts';
import { fitArea } from './fit-picture.ts';
import type { ScreenPicture } from './picture-screen.ts';
import { levelPicture } from './window-picture.ts';

/** What a canvas of every browser holds (4096² in Safari on iOS); four times what a screen shows. */
const maxCanvasPixels = 4096 * 4096;

/** A frame of a file, ready to be drawn, windowed and measured. */
export interface ShownPicture {
  readonly screen: ScreenPicture;
  readonly values: PixelValues;
  readonly info: PictureInfo;
}

/** @throws AppError `image.*` */
export async function shownPicture(
  file: Uint8Array,
  frame: number,
  loadCodec: LoadCodec,
): Promise<ShownPicture> {
  const decoded = await decodeImage(file, loadCodec, { frame });
  const { width, height } = decoded.image;
  const values = pixelValues(decoded);
  const levels = levelPicture(fitArea(decoded.image, maxCanvasPixels));
  const isWhole = levels.width === width && levels.height === height;
  const canBeWindowed = isWhole && values.range.low < values.range.high;
  return {
    values,
    screen: { ...levels, values: isWhole ? values : undefined },
    info: {
      width,
      height,
      frames: decoded.stored.frames,
      spacing: shownSpacing(decoded),
      range: canBeWindowed ? values.range : undefined,
      shown: canBeWindowed ? values.shown : undefined,
    },
  };
}

/** Where pixels were made square, each of them covers another length. */
function shownSpacing({ image, stored, header }: DecodedImage): PixelSpacing | undefined {
  const spacing = header?.spacing;
  return (
    spacing && {
      ...spacing,
      rowMm: (spacing.rowMm * stored.rows) / image.height,
      columnMm: (spacing.columnMm * stored.columns) / image.width,
    }
  );
}
