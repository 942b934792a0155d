import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bundledModelsDir } from '../../server/inference/model-files.ts';
import { Analysis } from '../../shared/api/analysis.ts';
import { phantomFile } from '../../shared/imaging/phantom-file.ts';
import { badFiles } from '../fixtures/bad-files.ts';
import { fieldray, runFieldray } from '../fixtures/run-fieldray.ts';

let root = '';
const inRoot = (...parts: string[]): string => join(root, ...parts);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'fieldray-read-'));
  await mkdir(inRoot('good/deep'), { recursive: true });
  await mkdir(inRoot('bad'));
  await writeFile(inRoot('good/a.png'), phantomFile({ width: 320, height: 288, seed: 1 }));
  await writeFile(inRoot('good/deep/b'), phantomFile({ width: 300, height: 340, seed: 2, opacity: true }));
  await writeFile(inRoot('good/list.csv'), 'not,an,image\n');
  for (const { name, bytes } of badFiles) await writeFile(inRoot('bad', name), bytes);
});
afterAll(() => rm(root, { recursive: true }));

describe('npx fieldray read', () => {
  it('writes CSV, JSON, overlays and masks', async () => {
    const outputs = [
      '--csv',
      inRoot('o/out.csv'),
      '--json',
      inRoot('o/out.json'),
      '--overlay',
      inRoot('ov'),
      '--masks',
      inRoot('mk'),
    ];
    const { status, stdout, stderr } = await runFieldray('read', inRoot('good'), ...outputs);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('2 read, 0 refused, 1 other file skipped');

    const [header, ...rows] = (await readFile(inRoot('o/out.csv'), 'utf8')).trimEnd().split('\n');
    expect(header).toBe(
      'file,sha256,width,height,intake,model,model_sha256,finding,probability,operating_point,positive,runtime,ms,quality,exposure,contrast,sharpness,coverage,rotation',
    );
    expect(rows.map((row) => row.split(',')[0])).toEqual([inRoot('good/a.png'), inRoot('good/deep/b')]);
    for (const row of rows) {
      const [, sha256, , , intake, model, , finding, probability, point, positive, runtime] = row.split(',');
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(intake).toBe('warning:image.synthetic+image.outside-population');
      expect({ model, finding }).toEqual({ model: 'cxr-pneumonia', finding: 'pneumonia' });
      expect(positive).toBe(String(Number(probability) >= Number(point)));
      const [quality, ...parts] = row.split(',').slice(13).map(Number);
      expect(parts).toHaveLength(5);
      expect(quality).toBe(Math.min(...parts));
      expect(runtime).toMatch(/^onnxruntime-node \d+\.\d+\.\d+ cpu$/);
    }

    const analyses = z.array(Analysis).parse(JSON.parse(await readFile(inRoot('o/out.json'), 'utf8')));
    expect(analyses.map(({ image }) => [image.width, image.height])).toEqual([
      [320, 288],
      [300, 340],
    ]);
    expect(analyses.every(({ image }) => image.synthetic)).toBe(true);

    const mask = decode(await readFile(inRoot('mk/deep/b.mask.png')));
    expect(mask).toMatchObject({ width: 300, height: 340, channels: 1, depth: 8 });
    expect(new Set(mask.data)).toEqual(new Set([0, 255]));
    expect(decode(await readFile(inRoot('ov/a.overlay.png')))).toMatchObject({
      width: 320,
      height: 288,
      channels: 3,
    });
  });

  it('explains what was asked for, judges it in words and draws each map', async () => {
    const outputs = ['--explain', 'gradcam, ig', '--json', inRoot('ex.json'), '--overlay', inRoot('ex')];
    const { status, stdout } = await runFieldray('read', inRoot('good/a.png'), ...outputs);
    expect(status).toBe(0);
    for (const name of ['Grad-CAM', 'Integrated gradients']) {
      expect(stdout).toMatch(
        new RegExp(`^ {9}${name}: (This map passed its checks|Do not rely on this map)`, 'm'),
      );
    }
    const [analysis] = z.array(Analysis).parse(JSON.parse(await readFile(inRoot('ex.json'), 'utf8')));
    const explanations = analysis?.findings[0]?.explanations ?? [];
    expect(explanations.map(({ method }) => method)).toEqual(['gradcam', 'ig']);
    expect(explanations[0]?.values).toEqual(analysis?.findings[0]?.heatmap?.values);
    expect(explanations[1]?.completeness?.gap).toBeLessThan(0.05);
    const [coarse, fine] = await Promise.all(
      ['gradcam', 'ig'].map(async (name) => decode(await readFile(inRoot(`ex/a.overlay-${name}.png`)))),
    );
    expect(coarse).toMatchObject({ width: 320, height: 288, channels: 3 });
    expect(coarse?.data).not.toEqual(fine?.data);
  });

  it('refuses a method that does not exist, before anything is read', async () => {
    const { status, stdout, stderr } = await runFieldray(
      'read',
      inRoot('good'),
      '--explain',
      'gradcam,tarot',
    );
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('--explain takes gradcam,');
  });

  it('refuses every bad file with a code and reads the good one beside them', async () => {
    const { status, stdout } = await runFieldray(
      'read',
      inRoot('bad'),
      inRoot('good/a.png'),
      '--csv',
      inRoot('bad.csv'),
    );
    expect(status).toBe(2);
    expect(stdout).toContain(`1 read, ${badFiles.length} refused`);
    const rows = (await readFile(inRoot('bad.csv'), 'utf8')).trimEnd().split('\n').slice(1);
    for (const { name, code } of badFiles) {
      const cells = rows.find((row) => row.startsWith(inRoot('bad', name)))?.split(',') ?? [];
      expect(cells[4]?.replace('refused:', ''), name).toMatch(code);
      expect(cells.slice(5, 12), name).toEqual(Array(7).fill(''));
    }
  });

  it.each([
    ['no path', [], 'name at least one file'],
    ['an unknown option', ['--fast', 'x'], '--fast'],
    ['a path that does not exist', ['/nowhere/at/all'], '/nowhere/at/all'],
  ])('ends with 1 for %s', async (_, args, text) => {
    const { status, stderr } = await runFieldray('read', ...args);
    expect(status).toBe(1);
    expect(stderr).toContain(text);
  });

  it('ends with 1 when there is nothing to read', async () => {
    await mkdir(inRoot('nothing'));
    expect((await runFieldray('read', inRoot('nothing'))).status).toBe(1);
  });

  it('ends with 1 before reading when two inputs share an output name', async () => {
    const { status, stderr } = await runFieldray(
      'read',
      inRoot('good/a.png'),
      inRoot('good'),
      '--masks',
      inRoot('never'),
    );
    expect(status).toBe(1);
    expect(stderr).toContain('both become a.mask.png');
  });

  it('closes its reports when it is interrupted', async () => {
    const paths = Array.from({ length: 60 }, () => inRoot('good/a.png'));
    const child = spawn(process.execPath, [fieldray, 'read', ...paths, '--json', inRoot('cut.json')]);
    child.stdout.once('data', () => child.kill('SIGINT'));
    const [status] = (await once(child, 'close')) as [number | null];
    expect(status).toBe(1);
    const read = z.array(Analysis).parse(JSON.parse(await readFile(inRoot('cut.json'), 'utf8')));
    expect(read.length).toBeGreaterThan(0);
    expect(read.length).toBeLessThan(60);
  });

  it('ends with 3, and without a number, when one bit of a model is flipped', async () => {
    await cp(bundledModelsDir, inRoot('models'), { recursive: true });
    const onnx = await readFile(inRoot('models/cxr-pneumonia/model.onnx'));
    const middle = onnx.length >> 1;
    onnx[middle] = onnx[middle]! ^ 1;
    await writeFile(inRoot('models/cxr-pneumonia/model.onnx'), onnx);
    const { status, stdout, stderr } = await runFieldray(
      'read',
      inRoot('good'),
      '--models',
      inRoot('models'),
    );
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toContain('altered or damaged');
  });
});
