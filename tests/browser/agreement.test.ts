import { existsSync, globSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCodecFile } from '../../server/inference/codec-files.ts';
import { nodeSha256 } from '../../server/inference/open-pipeline.ts';
import { phantomFile } from '../../shared/imaging/phantom-file.ts';
import { decodedInShort } from '../fixtures/decoded-in-short.ts';
import { phantomDicom } from '../fixtures/phantom-dicom.ts';
import { rampJpeg } from '../fixtures/ramp-jpeg.ts';
import { writeSmallModels } from '../fixtures/small-models.ts';
import { type AgreementPage, openAgreementPage } from './agreement-page.ts';
import { compareAnswers, nativeAnswers } from './compare-answers.ts';
import { mayGoWithout, softwareGpu } from './open-browser.ts';

const handbook = '../shared/data';
const samples = existsSync(handbook)
  ? [...globSync(`${handbook}/samples/*/*/*`), ...globSync(`${handbook}/dicom/**/*.dcm`)].toSorted()
  : [];
const seeds = [101, 102];

let folder: string;
let page: AgreementPage;
let smallPage: AgreementPage;

describe.skipIf(mayGoWithout)('the browser and Node', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fieldray-agreement-'));
    await writeSmallModels(join(folder, 'models'), 32);
    page = await openAgreementPage(join(folder, 'page'));
    smallPage = await openAgreementPage(join(folder, 'small'), {
      modelsDir: join(folder, 'models'),
      browserArgs: softwareGpu,
    });
  }, 120_000);
  afterAll(async () => {
    await Promise.all([page.close(), smallPage.close()]);
    await rm(folder, { recursive: true });
  });

  async function expectSamePixels(file: Uint8Array): Promise<string> {
    const here = await decodedInShort(file, loadCodecFile, nodeSha256);
    expect(await page.decode(file)).toBe(here);
    return here;
  }

  it.each([
    ['PNG', phantomFile({ width: 320, height: 288 })],
    ['JPEG', rampJpeg],
    ['DICOM, 16 bit', phantomDicom({ width: 300, height: 260 })],
  ])('decode the same pixels from %s', async (_, file) => {
    expect(await expectSamePixels(file)).toMatch(/^\d+ × \d+ [0-9a-f]{64}$/);
  });

  it.skipIf(samples.length === 0)(
    'decode the same pixels of X-rays of the handbook (skipped without ../shared)',
    async () => {
      const chosen = samples.filter((_, index) => index % 8 === 0);
      expect(chosen.length).toBeGreaterThanOrEqual(5);
      const outcomes = [];
      for (const path of chosen) outcomes.push(await expectSamePixels(await readFile(path)));
      expect(outcomes.filter((outcome) => outcome.includes(' × ')).length).toBeGreaterThan(chosen.length / 2);
    },
  );

  it.each([1, 2])('compute the same with WebAssembly and %i thread(s)', async (threads) => {
    compareAnswers(await nativeAnswers(undefined, seeds), await page.compute('wasm', threads, seeds));
  });

  it('compute the same on a graphics processor, on a smaller picture', async () => {
    compareAnswers(
      await nativeAnswers(join(folder, 'models'), seeds),
      await smallPage.compute('webgpu', 1, seeds),
    );
  }, 120_000);
});
