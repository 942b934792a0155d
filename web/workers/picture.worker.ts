import { regionStatistics, valueAt } from '../../shared/imaging/pixel-values.ts';
import type { DisplayWindow, PictureApi } from '../engine/picture-api.ts';
import { serve, transfer } from '../engine/worker-rpc.ts';
import { fetchCodec } from './codec-urls.ts';
import { newestOnly } from './newest-only.ts';
import { type PictureScreen, pictureScreen } from './picture-screen.ts';
import { type ShownPicture, shownPicture } from './shown-picture.ts';
import { thumbnailFile } from './thumbnail-file.ts';

/** Decodes, shows and measures pictures, so that the page itself never touches a pixel. */

let picture: ShownPicture | undefined;
/** Of the open file, counted from 0. */
let shownFrame = 0;
/** Kept where there are more frames to come. */
let openFile: Uint8Array | undefined;
let screen: PictureScreen | undefined;
let shown: DisplayWindow = { low: 0, high: 1 };

const draw = newestOnly(
  (window: DisplayWindow) => {
    if (picture !== undefined) screen?.draw(picture.screen, window);
    shown = window;
  },
  (run) => setTimeout(run),
);

function forget(): void {
  picture = undefined;
  openFile = undefined;
  shownFrame = 0;
  screen = undefined;
  shown = { low: 0, high: 1 };
}

function thePicture(): ShownPicture {
  if (picture === undefined) throw new TypeError('no picture is open');
  return picture;
}

function valuesOf(frame: number): ShownPicture['values'] {
  const { values } = thePicture();
  if (frame !== shownFrame) throw new TypeError(`frame ${shownFrame} is shown, not ${frame}`);
  return values;
}

const api: PictureApi = {
  async open(file) {
    forget();
    const bytes = new Uint8Array(file);
    picture = await shownPicture(bytes, 0, fetchCodec);
    if (picture.info.frames > 1) openFile = bytes;
    return picture.info;
  },
  async toFrame(frame) {
    if (openFile === undefined) return thePicture().info;
    picture = await shownPicture(openFile, frame, fetchCodec);
    shownFrame = frame;
    screen?.draw(picture.screen, shown);
    return picture.info;
  },
  async drawOn(canvas) {
    const { screen: levels } = thePicture();
    screen = pictureScreen(canvas, levels);
    screen.draw(levels, shown);
  },
  show: draw,
  async valueAt(x, y, frame) {
    return valueAt(valuesOf(frame), x, y);
  },
  async measure(region, frame) {
    return regionStatistics(valuesOf(frame), region);
  },
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
