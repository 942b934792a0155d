import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCodecFile } from '../../server/inference/codec-files.ts';
import { openDicom } from '../../shared/imaging/dicom-file.ts';
import { readStoredPixels } from '../../shared/imaging/dicom-pixels.ts';
import { quantile } from './measure.ts';

/**
 * `npm run bench:decode [-- FILE]`: the time from the bytes of a JPEG-lossless radiograph to its stored values, against DCMTK's
 * `dcmdjpeg` on the same file, in turn. dcmdjpeg is a process of its own that also writes its result; what starting such a
 * process costs is measured and said.
 */

const runs = 15;
const allowedRatio = 4;
const path = process.argv[2] ?? '../shared/data/dicom/registration/cxr.dcm';

function timed(command: string, args: readonly string[]): number {
  const started = performance.now();
  const { status, error } = spawnSync(command, args, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? `status ${status}`}`);
  return performance.now() - started;
}

async function main(): Promise<void> {
  if (!existsSync(path)) throw new Error(`${path} is not there; name another JPEG-lossless file`);
  const folder = mkdtempSync(join(tmpdir(), 'fieldray-bench-'));
  const output = join(folder, 'out.dcm');
  const times = { ours: [] as number[], dcmdjpeg: [] as number[], start: [] as number[] };
  let picture = '';
  for (let run = 0; run < runs; run += 1) {
    const bytes = new Uint8Array(readFileSync(path));
    const started = performance.now();
    const { columns, rows, bitsStored } = await readStoredPixels(openDicom(bytes), 0, loadCodecFile);
    times.ours.push(performance.now() - started);
    picture = `${rows} × ${columns}, ${bitsStored} bits`;
    times.dcmdjpeg.push(timed('dcmdjpeg', [path, output]));
    times.start.push(timed('dcmdjpeg', ['--version']));
  }
  rmSync(folder, { recursive: true });
  const [ours, theirs, start] = [times.ours, times.dcmdjpeg, times.start].map((each) => quantile(each, 0.5));
  if (ours === undefined || theirs === undefined || start === undefined) return;
  const ratio = ours / theirs;
  console.log(`${path}: ${picture}, medians of ${runs} runs in turn, the first one cold`);
  console.log(`ours ${ours.toFixed(1)} ms (slowest ${Math.max(...times.ours).toFixed(1)} ms)`);
  console.log(`dcmdjpeg ${theirs.toFixed(1)} ms, of which starting the process ${start.toFixed(1)} ms`);
  console.log(
    `ratio ${ratio.toFixed(2)}, without the start ${(ours / (theirs - start)).toFixed(2)}; at most ${allowedRatio}`,
  );
  process.exitCode = ratio <= allowedRatio ? 0 : 1;
}

await main();
