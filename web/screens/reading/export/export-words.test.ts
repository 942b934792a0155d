import { expect, it } from 'vitest';
import type { ExportPreview } from '../../../engine/file-api.ts';
import { writingInWords } from './export-words.ts';

const preview = (burnedIn: ExportPreview['burnedIn'], proposals: number): ExportPreview => ({
  width: 10,
  height: 10,
  frames: 1,
  png: new ArrayBuffer(0),
  hasHeader: true,
  burnedIn,
  proposals: Array.from({ length: proposals }, () => ({ x: 0, y: 0, width: 4, height: 4 })),
});

it.each<[ExportPreview['burnedIn'], number, 'quiet' | 'warning', RegExp]>([
  ['yes', 0, 'warning', /says that there is writing .* easily missed/],
  ['yes', 2, 'warning', /2 places look like writing/],
  ['no', 0, 'quiet', /no writing inside the picture\.$/],
  ['no', 1, 'warning', /but 1 place looks like writing/],
  ['unknown', 0, 'warning', /does not say/],
])('a file that says %s, with %i places found, is a %s', (burnedIn, proposals, kind, text) => {
  const words = writingInWords(preview(burnedIn, proposals));
  expect(words.kind).toBe(kind);
  expect(words.text).toMatch(text);
});
