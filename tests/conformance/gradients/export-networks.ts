import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Runs `export_networks.py`, which needs a Python with PyTorch. */

const python = '/usr/bin/python3';
const script = join(import.meta.dirname, 'export_networks.py');
const find =
  'import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, ("torch", "torchvision", "onnx"))))';

export const hasTorch = spawnSync(python, ['-c', find]).status === 0;
export const withoutTorch = `${python} has no torch, torchvision and onnx`;

/** @param names of networks or groups */
export async function exportNetworks(folder: string, names: readonly string[]): Promise<void> {
  await promisify(execFile)(python, [script, folder, ...names]);
}
