import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describeThrown } from '../../../shared/kernel/errors.ts';

/** A picture as DCMTK shows it: row-major, 0 black … 255 white. */
export interface Rendering {
  readonly width: number;
  readonly height: number;
  readonly levels: Uint8Array;
}

const run = promisify(execFile);
const maxBytes = 256 * 1024 * 1024;
const jpegLs: ReadonlySet<string> = new Set(['1.2.840.10008.1.2.4.80', '1.2.840.10008.1.2.4.81']);

/** DCMTK has no decoder for these. */
export const unreadByDcmtk =
  /^1\.2\.840\.10008\.1\.2\.4\.(?:90|91|92|93|20\d)$|^1\.2\.840\.10008\.1\.2\.8\.1$/;

/** Which grey transformation the file asks for; `range`: none, so that the values that occur fill the scale. */
export type Voi = 'window' | 'table' | 'range';

const voiOptions: Readonly<Record<Voi, readonly string[]>> = {
  window: ['--use-window', '1'],
  table: ['--use-voi-lut', '1'],
  range: ['--min-max-window'],
};

/**
 * The first frame, by DCMTK's own grayscale pipeline, with the first VOI LUT or window of the file.
 * @returns a sentence instead where DCMTK gives up
 */
export async function renderByDcmtk(
  path: string,
  transferSyntax: string,
  voi: Voi,
): Promise<Rendering | string> {
  const program = jpegLs.has(transferSyntax) ? 'dcml2pnm' : 'dcmj2pnm';
  const options = ['--no-overlays', '--write-raw-pnm', ...voiOptions[voi]];
  try {
    const { stdout } = await run(program, [...options, path], { encoding: 'buffer', maxBuffer: maxBytes });
    return readPortableGray(stdout);
  } catch (thrown) {
    return describeThrown(thrown).split('\n').at(-2) ?? 'DCMTK gave up';
  }
}

/** The binary form of a portable graymap (P5) with 8 bits a sample. */
function readPortableGray(bytes: Uint8Array): Rendering | string {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 100));
  const [all, width, height] = /^P5\s+(?:#.*\n)?(\d+)\s+(\d+)\s+255\s/.exec(head) ?? [];
  if (all === undefined) return `DCMTK wrote no grey picture: ${head.slice(0, 20)}`;
  return { width: Number(width), height: Number(height), levels: bytes.subarray(all.length) };
}
