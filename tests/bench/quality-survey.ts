import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundledModelsDir } from '../../server/inference/model-files.ts';
import { openPipeline } from '../../server/inference/open-pipeline.ts';
import type { Quality } from '../../shared/api/quality.ts';
import { decodeImage } from '../../shared/imaging/decode-image.ts';
import type { GrayImage } from '../../shared/imaging/gray-image.ts';
import { detectFormat } from '../../shared/imaging/image-format.ts';
import { type Box, resample } from '../../shared/imaging/resample.ts';
import { checkPixels } from '../../shared/imaging/intake-checks.ts';
import { filmQuality, qualityWarnings } from '../../shared/inference/film-quality.ts';
import { segmentLungs } from '../../shared/inference/segment-lungs.ts';
import * as degrade from '../fixtures/degrade-film.ts';
import { mean, quantile } from './measure.ts';

/**
 * `npm run quality:survey -- FOLDER [--films N]`: how the films of a folder are scored, which are refused, and what becomes of
 * the scores and refusals when the same films are spoilt by code. Films are taken at even distances from the folder's list.
 */

const { values, positionals } = parseArgs({
  options: { films: { type: 'string', default: '300' }, spoilt: { type: 'string', default: '60' } },
  allowPositionals: true,
});
const [folder] = positionals;
const [films, spoilt] = [values.films, values.spoilt].map(Number);
if (folder === undefined || !films || !spoilt)
  throw new TypeError('name a folder; --films and --spoilt take a number');

const { lungs, loadCodec } = await openPipeline(bundledModelsDir);

function evenly<Item>(all: readonly Item[], count: number): Item[] {
  const step = Math.max(1, all.length / count);
  return Array.from({ length: Math.min(count, all.length) }, (_, index) => all[Math.floor(index * step)]!);
}

type Side = Parameters<typeof degrade.croppedFilm>[1];

interface Judged {
  readonly quality?: Quality;
  readonly refused?: { readonly code: string; readonly message: string };
  readonly warnings: readonly string[];
  readonly box?: Box;
}

async function judge(image: GrayImage): Promise<Judged> {
  const early = checkPixels(image);
  const refused = early.find(({ severity }) => severity === 'refused');
  if (refused !== undefined) return { refused, warnings: [] };
  const segmentation = await segmentLungs(image, lungs);
  if ('refused' in segmentation) return { refused: segmentation.refused, warnings: [] };
  const quality = filmQuality(image, segmentation.lungs);
  const warnings = [...early, ...segmentation.warnings, ...qualityWarnings(quality)];
  return { quality, warnings: warnings.map(({ code }) => code), box: segmentation.lungs.box };
}

function scoreOf({ quality }: Judged, part: Quality['parts'][number]['part']): number | undefined {
  return quality?.parts.find((each) => each.part === part)?.score;
}

const shares = (scores: readonly number[]): string =>
  [1e-6, 0.01, 0.05, 0.25, 0.5, 0.75].map((share) => quantile(scores, share).toFixed(0).padStart(5)).join('');
const percent = (count: number, all: number): string => `${((100 * count) / all).toFixed(1)} %`;

function tallied(words: readonly string[]): string {
  const counts = Object.entries(Object.groupBy(words, (word) => word)).map(
    ([word, all]) => `${word} ${all?.length}`,
  );
  return counts.length === 0 ? 'none' : counts.toSorted().join(', ');
}

const paths = evenly(
  globSync('**/*', { cwd: folder })
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile() && detectFormat(readFileSync(path)) !== undefined)
    .toSorted(),
  films,
);
const open = async (path: string): Promise<GrayImage> =>
  (await decodeImage(readFileSync(path), loadCodec)).image;

const asTheyAre: Judged[] = [];
for (const path of paths) {
  const judged = await judge(await open(path));
  if (judged.refused !== undefined) console.log(`refused ${path}: ${judged.refused.code}`);
  asTheyAre.push(judged);
}
const refusals = asTheyAre.flatMap(({ refused }) => refused?.code ?? []);
console.log(
  `\n${paths.length} films; refused ${percent(refusals.length, paths.length)} (${tallied(refusals)})`,
);
console.log(`warnings: ${tallied(asTheyAre.flatMap(({ warnings }) => warnings))}`);
console.log(`\nscore       least   1 %  5 % 25 %  50 %  75 %`);
for (const part of ['exposure', 'contrast', 'sharpness', 'coverage', 'rotation'] as const) {
  const words = asTheyAre.flatMap(
    ({ quality }) => quality?.parts.find((each) => each.part === part)?.word ?? [],
  );
  const scores = asTheyAre.flatMap((judged) => scoreOf(judged, part) ?? []);
  console.log(`${part.padEnd(10)}${shares(scores)}   ${tallied(words)}`);
}
const totals = asTheyAre.flatMap(({ quality }) => quality?.total ?? []);
console.log(
  `${'total'.padEnd(10)}${shares(totals.map(({ score }) => score))}   ${tallied(totals.map(({ word }) => word))}`,
);

const steps = [
  {
    name: 'blurred',
    part: 'sharpness',
    by: [0, 0.004, 0.008, 0.016],
    spoil: (image: GrayImage, by: number) => (by === 0 ? image : degrade.blurred(image, by)),
  },
  { name: 'noisy', part: 'sharpness', by: [0, 0.03, 0.06, 0.12], spoil: degrade.noisy },
  { name: 'clipped', part: 'exposure', by: [0, 0.2, 0.4, 0.7], spoil: degrade.clipped },
  { name: 'darkened', part: 'exposure', by: [1, 1.8, 3, 5], spoil: degrade.darkened },
  { name: 'flattened', part: 'contrast', by: [0, 0.4, 0.6, 0.8], spoil: degrade.flattened },
  {
    name: 'cut at the left',
    part: 'coverage',
    by: [0, 0.1, 0.18, 0.26],
    spoil: (image: GrayImage, by: number) => degrade.croppedFilm(image, 'left', by),
  },
  { name: 'leaning', part: 'rotation', by: [0, 10, 20, 30], spoil: degrade.leaning },
] as const;
const few = evenly(
  paths.flatMap((path, index) => {
    const { box } = asTheyAre[index]!;
    return box === undefined ? [] : [{ path, box }];
  }),
  spoilt,
);
console.log(`\n${few.length} of them spoilt: mean score of the part that should fall (films still read)`);
for (const { name, part, by, spoil } of steps) {
  const cells: string[] = [];
  for (const amount of by) {
    const judged: Judged[] = [];
    for (const { path } of few) judged.push(await judge(spoil(await open(path), amount)));
    const scores = judged.flatMap((each) => scoreOf(each, part) ?? []);
    cells.push(`${amount}: ${mean(scores).toFixed(0)} (${scores.length})`);
  }
  console.log(`${name.padEnd(16)}${part.padEnd(10)} ${cells.join('   ')}`);
}

/** Cuts the picture so that `share` of the rectangle around the lungs is lost at that side. */
function cutInto(image: GrayImage, box: Box, side: Side, share: number): GrayImage {
  const lost = {
    left: (box.x0 + (box.x1 - box.x0) * share) / image.width,
    right: 1 - (box.x1 - (box.x1 - box.x0) * share) / image.width,
    top: (box.y0 + (box.y1 - box.y0) * share) / image.height,
    bottom: 1 - (box.y1 - (box.y1 - box.y0) * share) / image.height,
  };
  // A part of a small film would be refused as too small.
  const large = resample(image, image.width * 2, image.height * 2);
  return degrade.croppedFilm(large, side, lost[side]);
}

/** The last of them asks for a picture with both lungs whole. */
const wholly = /image\.(cropped|one-lung|not-a-chest)/;
const wrong = [
  {
    name: 'quarter to the left',
    right: /turned a quarter to the left\./,
    spoil: (image: GrayImage) => degrade.turnedFilm(image, 'left'),
  },
  {
    name: 'quarter to the right',
    right: /turned a quarter to the right\./,
    spoil: (image: GrayImage) => degrade.turnedFilm(image, 'right'),
  },
  {
    name: 'upside down',
    right: /upside down\./,
    spoil: (image: GrayImage) => degrade.turnedFilm(image, 'upside-down'),
  },
  { name: 'inverted', right: /image\.inverted/, spoil: degrade.invertedFilm },
  {
    name: 'left and inverted',
    right: /left, and black and white/,
    spoil: (image: GrayImage) => degrade.turnedFilm(degrade.invertedFilm(image), 'left'),
  },
  ...(['left', 'right', 'top', 'bottom'] as const).flatMap((side) =>
    [0.25, 0.4].map((share) => ({
      name: `${share * 100} % of lungs cut: ${side}`,
      right: wholly,
      spoil: (image: GrayImage, box: Box) => cutInto(image, box, side, share),
    })),
  ),
  {
    name: 'clipped by 90 %',
    right: /image\.(partly-)?clipped/,
    spoil: (image: GrayImage) => degrade.clipped(image, 0.9),
  },
] as const;
console.log(`\nspoilt so that it must be said: right reason, read without a word, others`);
for (const { name, right, spoil } of wrong) {
  const words: string[] = [];
  for (const { path, box } of few) {
    const { refused, warnings } = await judge(spoil(await open(path), box));
    const said = refused === undefined ? warnings.join(' ') : `${refused.code} ${refused.message}`;
    if (right.test(said)) words.push('right');
    else words.push(refused?.code ?? (warnings.length === 0 ? 'silent' : warnings.join('+')));
  }
  const rightOnes = words.filter((word) => word === 'right').length;
  console.log(
    `${name.padEnd(22)}${percent(rightOnes, few.length).padStart(8)}   ${tallied(words.filter((word) => word !== 'right'))}`,
  );
}
