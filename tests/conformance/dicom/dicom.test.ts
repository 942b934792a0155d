import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeSha256 } from '../../../server/inference/open-pipeline.ts';
import { mayGoWithout } from '../../browser/open-browser.ts';
import type { DicomAnswer } from '../../fixtures/answer-dicom.ts';
import { codedStream, codedValues } from '../../fixtures/coded-streams.ts';
import { dicomFile, fragments, imageFile, text } from '../../fixtures/dicom-builder.ts';
import { type Expectation, parseCsv } from './expectations.ts';
import { problemOf } from './judge-answer.ts';

const program = fileURLToPath(new URL('run-dicom.ts', import.meta.url));
const handbook = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));
const columns = 'path,bits_stored,samples,expect,shape,dtype,mean,sha256';

interface Run {
  readonly status: number;
  readonly lines: readonly string[];
}

function run(...args: readonly string[]): Promise<Run> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { maxBuffer: 2 ** 24 }, (error, stdout) => {
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ status, lines: stdout.trimEnd().split('\n') });
    });
  });
}

let folder: string;
let hash: string;
const size = { rows: 12, columns: 16, bitsStored: 12 } as const;
const jpegLs = imageFile({
  ...size,
  transferSyntax: '1.2.840.10008.1.2.4.80',
  pixels: fragments(codedStream('jpegLs')),
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldray-conformance-'));
  hash = await nodeSha256(new Uint8Array(Uint16Array.from(codedValues).buffer));
  writeFileSync(join(folder, 'native.dcm'), imageFile({ ...size, pixels: codedValues }));
  writeFileSync(join(folder, 'jpeg ls, "quoted".dcm'), jpegLs);
  const twice = [...codedValues, ...codedValues];
  writeFileSync(
    join(folder, 'frames.dcm'),
    imageFile({ ...size, pixels: twice, extra: [text(0x00280008, 'IS', '2')] }),
  );
  writeFileSync(join(folder, 'report'), dicomFile([text(0x00080060, 'CS', 'SR')]));
  writeFileSync(join(folder, 'cut.dcm'), jpegLs.subarray(0, -150));
});
afterAll(() => rmSync(folder, { recursive: true }));

function expectRows(...rows: readonly string[]): void {
  writeFileSync(join(folder, 'expectations.csv'), `${[columns, ...rows].join('\r\n')}\r\n`);
}

const rightRows = (): string[] => [
  `native.dcm,12,1,pixels,12x16,uint16,,${hash}`,
  `"jpeg ls, ""quoted"".dcm",12,1,pixels,12x16,uint16,,${hash}`,
  'frames.dcm,12,1,pixels,2x12x16,uint16,2048,',
  'report,,,no-pixels,,,,',
  'cut.dcm,12,1,refused-or-partial,,,,',
  'cut.dcm,12,1,unspecified,,,,',
];

describe('npm run conformance:dicom', () => {
  it('passes where all rows are as the reference says, and dumps what it found', async () => {
    expectRows(...rightRows());
    const dump = join(folder, 'dump.csv');
    const { status, lines } = await run(folder, '--dump', dump);
    expect(lines.at(-1)).toBe('6 passed, 0 failed');
    expect(status).toBe(0);
    const [header, native, , frames, report] = parseCsv(readFileSync(dump, 'utf8'));
    expect(header).toEqual(['path', 'outcome', 'code', 'shape', 'dtype', 'sha256', 'mean', 'ms']);
    expect(native?.slice(0, 6)).toEqual(['native.dcm', 'pixels', '', '12x16', 'uint16', hash]);
    expect(frames?.[3]).toBe('2x12x16');
    expect(report?.slice(0, 3)).toEqual(['report', 'no-pixels', 'image.no-pixels']);
  });

  it('fails where one row is not, or its file is missing', async () => {
    const wrong = `native.dcm,12,1,pixels,12x16,uint16,,${'0'.repeat(64)}`;
    expectRows(...rightRows(), wrong, 'gone.dcm,12,1,unspecified,,,,');
    const { status, lines } = await run(folder);
    expect(lines.at(-1)).toBe('6 passed, 2 failed');
    expect(lines.filter((line) => line.startsWith('FAILED'))).toHaveLength(2);
    expect(status).toBe(1);
  });

  it('fails over nothing', async () => {
    expectRows();
    expect(await run(folder)).toEqual({ status: 1, lines: ['0 passed, 0 failed'] });
    expect(await run(join(folder, 'nowhere'))).toEqual({ status: 1, lines: ['0 passed, 0 failed'] });
  });

  it.skipIf(mayGoWithout)('gives the same in Chromium', async () => {
    expectRows(...rightRows());
    const { status, lines } = await run(folder, '--runtime', 'browser');
    expect(lines.at(-1)).toBe('6 passed, 0 failed');
    expect(status).toBe(0);
  });

  it.skipIf(!existsSync(handbook)).each([
    ['dicom', 214],
    ['dicom-derived', 14],
  ])(
    'passes on %s of the handbook (skipped without ../shared)',
    async (name, count) => {
      const { status, lines } = await run(join(handbook, name));
      expect(lines.filter((line) => line.startsWith('FAILED'))).toEqual([]);
      expect(lines.at(-1)).toBe(`${count} passed, 0 failed`);
      expect(status).toBe(0);
    },
    180_000,
  );
});

describe('the judge', () => {
  const answer: DicomAnswer = {
    outcome: 'pixels',
    code: '',
    shape: '2x2',
    dtype: 'uint16',
    sha256: 'a',
    mean: 100,
    ms: 1,
    note: '',
  };
  const expected: Expectation = {
    path: '',
    expect: 'pixels',
    samples: 1,
    bitsStored: 10,
    shape: '2x2',
    dtype: '',
    mean: 110,
    sha256: '',
  };
  const refusal = { ...answer, outcome: 'refused', code: 'image.damaged' } as const;

  it.each<[string, Partial<DicomAnswer>, Partial<Expectation>]>([
    ['a mean within 1 %', {}, {}],
    ['colour of the right shape', {}, { samples: 3, mean: 999 }],
    ['a refusal of what is broken', refusal, { expect: 'refused-or-partial' }],
    ['a part with a warning', { code: 'image.smaller-frame' }, { expect: 'refused-or-partial' }],
    ['a refusal where the reference gives up', refusal, { expect: 'unspecified' }],
  ])('accepts %s', (_, found, row) => {
    expect(problemOf({ ...answer, ...found }, { ...expected, ...row })).toBeUndefined();
  });

  it.each<[string, Partial<DicomAnswer>, Partial<Expectation>]>([
    ['another mean', {}, { mean: 111 }],
    ['no mean', { mean: Number.NaN }, {}],
    ['another shape', {}, { shape: '2x3' }],
    ['another shape of colour', {}, { samples: 3, shape: '2x2x3' }],
    ['another hash', {}, { sha256: 'b' }],
    ['another type', {}, { sha256: 'a', dtype: 'int16' }],
    ['a refused picture', refusal, {}],
    ['a picture where there is none', {}, { expect: 'no-pixels' }],
    ['a broken file taken for whole', {}, { expect: 'refused-or-partial' }],
    ['an error without type', { outcome: 'error' }, { expect: 'unspecified' }],
    ['more than 5 s', { ms: 5001 }, {}],
    ['more than 2 s where the reference gives up', { ms: 2001 }, { expect: 'unspecified' }],
    ['a row that it does not know', {}, { expect: 'perfect' }],
  ])('does not accept %s', (_, found, row) => {
    expect(problemOf({ ...answer, ...found }, { ...expected, ...row })).toBeTypeOf('string');
  });
});
