import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { bundledModelsDir } from '../../server/inference/model-files.ts';
import { phantomFile } from '../../shared/imaging/phantom-file.ts';
import { phantomSet } from './phantom-set.ts';

/**
 * `node tests/golden/update-phantom-readings.ts DIR`: lets PyTorch and Pillow read the phantoms, with the checkpoints that
 * models/training/train.py left in DIR, and keeps their numbers for the test. Needed after each training.
 */

const Reading = z.object({
  box: z.array(z.number()),
  logit: z.number(),
  classActivation: z.array(z.array(z.number())),
});

const [trainingDir = ''] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'fieldray-phantoms-'));
const files = phantomSet.map((options, index) => {
  const path = join(folder, `${index}.png`);
  writeFileSync(path, phantomFile(options));
  return path;
});
const { status, stdout, stderr } = spawnSync(
  '/usr/bin/python3',
  ['models/training/reference.py', '--out', trainingDir, ...files],
  { encoding: 'utf8' },
);
rmSync(folder, { recursive: true });
if (status !== 0) throw new Error(stderr);

const hashOf = (name: string): string =>
  z
    .object({ sha256: z.string() })
    .parse(JSON.parse(readFileSync(join(bundledModelsDir, name, 'manifest.json'), 'utf8'))).sha256;
const readings = z.array(Reading).length(phantomSet.length).parse(JSON.parse(stdout));
const kept = {
  source: 'models/training/reference.py (PyTorch, Pillow)',
  lungsSha256: hashOf('cxr-lungs'),
  pneumoniaSha256: hashOf('cxr-pneumonia'),
  readings,
};
writeFileSync('tests/golden/phantom-readings.json', `${JSON.stringify(kept)}\n`);
