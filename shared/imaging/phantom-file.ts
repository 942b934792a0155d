import { addPhantomMark } from './phantom-mark.ts';
import { drawPhantom, type PhantomOptions } from './phantom.ts';
import { encodePng } from './png-encode.ts';

/** The phantom as an 8-bit grey PNG file that is labelled as synthetic. */
export function phantomFile(options?: PhantomOptions): Uint8Array {
  const { width, height, pixels } = drawPhantom(options);
  return addPhantomMark(
    encodePng(
      width,
      height,
      Uint8Array.from(pixels, (value) => Math.round(value * 255)),
    ),
  );
}
