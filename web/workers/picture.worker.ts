import { decodeImage } from '../../shared/imaging/decode-image.ts';
import type { DisplayWindow, PictureApi } from '../engine/picture-api.ts';
import { serve, transfer } from '../engine/worker-rpc.ts';
import { fetchCodec } from './codec-urls.ts';
import { fitArea } from './fit-picture.ts';
import { newestOnly } from './newest-only.ts';
import { type PictureScreen, pictureScreen } from './picture-screen.ts';
import { thumbnailFile } from './thumbnail-file.ts';
import { type LevelPicture, levelPicture } from './window-picture.ts';

/** Decodes and shows pictures, so that the page itself never touches a pixel. */

/** What a canvas of every browser holds (4096² in Safari on iOS); four times what a screen shows. */
const maxCanvasPixels = 4096 * 4096;

let picture: LevelPicture | undefined;
let screen: PictureScreen | undefined;
let shown: DisplayWindow = { low: 0, high: 1 };

const draw = newestOnly(
  (window: DisplayWindow) => {
    screen?.draw(window);
    shown = window;
  },
  (run) => setTimeout(run),
);

function forget(): void {
  picture = undefined;
  screen = undefined;
  shown = { low: 0, high: 1 };
}

const api: PictureApi = {
  async open(file) {
    forget();
    const { image } = await decodeImage(new Uint8Array(file), fetchCodec);
    picture = levelPicture(fitArea(image, maxCanvasPixels));
    return { width: image.width, height: image.height };
  },
  async drawOn(canvas) {
    if (picture === undefined) throw new TypeError('no picture is open');
    screen = pictureScreen(canvas, picture);
    screen.draw(shown);
  },
  show: draw,
  async close() {
    forget();
  },
  async thumbnail(file, side) {
    const { buffer } = await thumbnailFile(new Uint8Array(file), side, fetchCodec);
    return transfer(buffer, [buffer]);
  },
  async phantom() {
    const { phantomFile } = await import('../../shared/imaging/phantom-file.ts');
    const { buffer } = new Uint8Array(phantomFile({ opacity: true }));
    return transfer(buffer, [buffer]);
  },
};
serve(api);
