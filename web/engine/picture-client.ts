import { AppError } from '../../shared/kernel/errors.ts';
import type { PixelRegion, RegionStatistics } from '../../shared/imaging/pixel-values.ts';
import type { DisplayWindow, PictureApi, PictureInfo } from './picture-api.ts';
import { spareWorker } from './spare-worker.ts';
import { type Remote, startWorker, transfer, type WorkerHandle } from './worker-rpc.ts';

/** A decoded picture in a worker of its own, until it is closed. */
export interface OpenPicture {
  readonly width: number;
  readonly height: number;
  /** Of its first frame, which is the one that is shown. */
  readonly info: PictureInfo;
  /**
   * Shows another frame, counted from 0. All frames have one size.
   * @throws AppError `image.*`, `inference.*`
   */
  toFrame(frame: number): Promise<PictureInfo>;
  /** Undefined outside the picture. @throws like `show`, and while another frame is shown */
  valueAt(x: number, y: number, frame: number): Promise<number | undefined>;
  /** Undefined where there is no pixel. @throws like `valueAt` */
  measure(region: PixelRegion, frame: number): Promise<RegionStatistics | undefined>;
  /**
   * The canvas must be fresh: a browser hands one over once only.
   * @throws AppError `device.unsupported`, and like `show`
   */
  drawOn(canvas: HTMLCanvasElement): Promise<void>;
  /**
   * The newest call wins; others may be skipped. Nothing happens once it is closed.
   * @throws AppError `inference.worker-died`: the file must be opened again, and drawn on a fresh canvas
   */
  show(window: DisplayWindow): Promise<void>;
  close(): void;
}

export interface PictureClient {
  /**
   * The buffer is transferred. The caller closes the picture.
   * @throws AppError `image.*`, `network.unreachable`, `page.outdated`, `inference.worker-died`, `inference.timeout`;
   *   the signal's reason
   */
  open(file: ArrayBuffer, signal: AbortSignal): Promise<OpenPicture>;
  /** A PNG with the longer side `side`. Files are taken one after the other; the buffer is transferred. Same errors. */
  thumbnail(file: ArrayBuffer, side: number): Promise<ArrayBuffer>;
  /** The phantom as a file. Throws like `thumbnail`, behind which it waits. */
  phantom(): Promise<ArrayBuffer>;
}

const timeoutMs = 60_000;
const idleMs = 60_000;

function startPictureWorker(): WorkerHandle<PictureApi> {
  return startWorker<PictureApi>(
    (name) => new Worker(new URL('../workers/picture.worker.ts', import.meta.url), { type: 'module', name }),
  );
}

/** Thumbnails have a worker of their own, so that an open picture never waits for them. */
export function createPictureClient(start = startPictureWorker): PictureClient {
  const viewing = spareWorker(start, idleMs);
  const shrinking = spareWorker(start, idleMs);
  let lastAside: Promise<unknown> = Promise.resolve();

  async function aside(use: (api: Remote<PictureApi>) => Promise<ArrayBuffer>): Promise<ArrayBuffer> {
    const worker = shrinking.take();
    try {
      return await worker.call(use, { timeoutMs });
    } finally {
      shrinking.giveBack(worker);
    }
  }

  /** One after the other. One that failed does not keep back those behind it. */
  function inTurn(use: (api: Remote<PictureApi>) => Promise<ArrayBuffer>): Promise<ArrayBuffer> {
    const result = lastAside.then(() => aside(use));
    lastAside = result.catch(() => undefined);
    return result;
  }

  return {
    async open(file, signal) {
      signal.throwIfAborted();
      const worker = viewing.take();
      try {
        const info = await worker.call((api) => api.open(transfer(file, [file])), { signal, timeoutMs });
        return openPicture(worker, info, () => viewing.giveBack(worker));
      } catch (thrown) {
        viewing.giveBack(worker);
        throw thrown;
      }
    },
    thumbnail: (file, side) => inTurn((api) => api.thumbnail(transfer(file, [file]), side)),
    phantom: () => inTurn((api) => api.phantom()),
  };
}

function openPicture(worker: WorkerHandle<PictureApi>, info: PictureInfo, giveBack: () => void): OpenPicture {
  let closed = false;
  return {
    info,
    width: info.width,
    height: info.height,
    async toFrame(frame) {
      return closed ? info : worker.call((api) => api.toFrame(frame), { timeoutMs });
    },
    async valueAt(x, y, frame) {
      return closed ? undefined : worker.call((api) => api.valueAt(x, y, frame));
    },
    async measure(region, frame) {
      return closed ? undefined : worker.call((api) => api.measure(region, frame));
    },
    async drawOn(canvas) {
      if (closed) return;
      if (typeof canvas.transferControlToOffscreen !== 'function') {
        throw new AppError('device.unsupported', 'this browser cannot draw in a worker (OffscreenCanvas)');
      }
      const offscreen = canvas.transferControlToOffscreen();
      await worker.call((api) => api.drawOn(transfer(offscreen, [offscreen])));
    },
    async show(window) {
      if (!closed) await worker.call((api) => api.show(window));
    },
    close() {
      if (closed) return;
      closed = true;
      // A worker that is gone already has let go of everything.
      worker.call((api) => api.close()).catch(() => undefined);
      giveBack();
    },
  };
}
