import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phantomFile } from '../../shared/imaging/phantom-file.ts';
import { dicomdirFile } from '../fixtures/dicomdir-builder.ts';
import { phantomDicom } from '../fixtures/phantom-dicom.ts';
import { zipFile } from '../fixtures/zip-builder.ts';
import { buildPage, choose, openFieldray, untilListed, untilReady } from './fieldray-page.ts';
import { mayGoWithout, openBrowser } from './open-browser.ts';
import { type PageServer, startPageServer } from './page-server.ts';

const picture = phantomFile({ width: 240, height: 240 });
const dicom = phantomDicom({ width: 240, height: 240 });

describe.skipIf(mayGoWithout)('folders and archives in the page (skipped without Chromium)', () => {
  let server: PageServer;
  let browser: Browser;
  let root: string;
  beforeAll(async () => {
    const folder = buildPage();
    [server, browser, root] = await Promise.all([
      startPageServer(),
      openBrowser(),
      mkdtemp(join(tmpdir(), 'fieldray-folders-')),
    ]);
    server.show(folder);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await server.stop();
    await rm(root, { recursive: true });
  });

  it('reads a ZIP entry by entry, damaged ones among them, and judges the quality', async () => {
    const { page, complaints } = await openFieldray(await browser.newContext(), server.address);
    await untilReady(page);
    const archive = zipFile([
      { name: 'day/good.png', bytes: picture },
      { name: 'day/IM1', bytes: dicom },
      { name: 'day/damaged.png', bytes: picture, statedCrc: 1 },
      { name: 'README.txt', bytes: new TextEncoder().encode('Dear colleague') },
    ]);
    await choose(page, 'day.zip', archive);
    await untilListed(page, 'day.zip › day/good.png', /Pneumonia/);
    await untilListed(page, 'day.zip › day/IM1', /Pneumonia/);
    await untilListed(page, 'day.zip › day/damaged.png', /The archive is damaged/);
    await page
      .getByText(
        '2 pictures added; 1 file could not be opened: the list says why; 1 file is no picture and was left out.',
      )
      .waitFor();
    await page.locator('.row', { hasText: 'good.png' }).locator('a').click();
    const quality = page.getByRole('region', {
      name: /Quality of the picture: (good|fair|poor), \d+ of 100/,
    });
    await quality.waitFor();
    expect(await quality.getByRole('listitem').count()).toBe(5);
    expect(complaints).toEqual([]);
  }, 120_000);

  it('reads a folder in the order of its DICOMDIR and says what is missing', async () => {
    const { page, complaints } = await openFieldray(await browser.newContext(), server.address);
    await untilReady(page);
    await mkdir(join(root, 'cd'));
    const names = ['SECOND', 'FIRST', 'LOST'];
    await writeFile(
      join(root, 'cd/DICOMDIR'),
      dicomdirFile(names.map((file) => ({ type: 'IMAGE', file }) as const)),
    );
    for (const name of ['FIRST', 'SECOND']) await writeFile(join(root, 'cd', name), dicom);
    await page.setInputFiles('#folder', join(root, 'cd'));
    await untilListed(page, 'cd/LOST', /it is not there/);
    expect(await page.locator('.row-name').allTextContents()).toEqual(['SECOND', 'FIRST', 'cd/LOST']);
    expect(complaints).toEqual([]);
  }, 120_000);

  it('says of a DICOMDIR alone that the folder has to be chosen', async () => {
    const { page } = await openFieldray(await browser.newContext(), server.address);
    await choose(page, 'DICOMDIR', dicomdirFile([{ type: 'IMAGE', file: 'A' }]));
    await page.getByText('DICOMDIR is only a list of pictures. Choose the folder that it lies in.').waitFor();
    expect(await page.locator('.row').count()).toBe(0);
  }, 60_000);
});
