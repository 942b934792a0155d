import { afterAll, describe, expect, it } from 'vitest';
import { loadCodecFile } from '../../server/inference/codec-files.ts';
import { decodeMutant } from '../../tests/fixtures/decode-mutant.ts';
import { everySyntax } from '../../tests/fixtures/every-syntax.ts';
import { mutateFile } from '../../tests/fixtures/mutate-file.ts';

// Whatever happens to a file, decodeImage keeps its promise, and soon. `npm run test:long -- dicom-mutations` does the same
// in a process of its own, with many more files and an eye on its memory.

const mutationsPerFile = 100;
const longestMs = 2000;
let decoded = 0;

describe.each(everySyntax)('mutations of %s', (name, file) => {
  it('give a picture or a typed refusal, and both occur', async () => {
    const count = { pictures: 0, refusals: 0 };
    for (let seed = 1; seed <= mutationsPerFile; seed += 1) {
      const other = everySyntax[seed % everySyntax.length]![1];
      const { outcome, problem, ms } = await decodeMutant(mutateFile(file, seed, other), loadCodecFile);
      if (problem !== undefined) expect.unreachable(`${name}, seed ${seed}: ${problem}`);
      expect(ms, `${name}, seed ${seed}`).toBeLessThan(longestMs);
      if (outcome === 'picture') count.pictures += 1;
      else count.refusals += 1;
      decoded += 1;
    }
    expect(count.pictures).toBeGreaterThan(0);
    expect(count.refusals).toBeGreaterThan(mutationsPerFile / 20);
  });
});

afterAll(() => expect(decoded).toBeGreaterThanOrEqual(2000));
