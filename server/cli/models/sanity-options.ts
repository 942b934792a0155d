import { AppError } from '../../../shared/kernel/errors.ts';
import { parseCommand } from '../parse-command.ts';

export interface SanityOptions {
  /** Without any, phantoms. */
  readonly paths: readonly string[];
  readonly images: number;
  readonly write: boolean;
  readonly modelsDir?: string;
}

export const sanityUsage = `npx fieldray models sanity [PATH…] [--images N] [--write] [--models DIR]

Are the maps of the classifier worth anything? On N pictures from the folders (of phantoms without any), for each
method: how much its map changes when the weights are shuffled (Adebayo 2018), how often it beats a random map,
how much of it lies in the lungs, and whether integrated gradients add up.

  --images N      how many pictures, evenly taken from what is found (default 40)
  --write         keep the result in the model's manifest, where every reading takes it from
  --models DIR    models to use instead of the bundled ones
`;

/** @throws AppError `usage.invalid` */
export function parseSanityOptions(args: readonly string[]): SanityOptions {
  const { values, positionals } = parseCommand(args, {
    images: { type: 'string', default: '40' },
    write: { type: 'boolean', default: false },
    models: { type: 'string' },
  });
  const images = Number(values.images);
  if (!Number.isSafeInteger(images) || images < 1) {
    throw new AppError('usage.invalid', `--images takes a whole number, not ${values.images}`);
  }
  return {
    paths: positionals,
    images,
    write: values.write,
    ...(values.models !== undefined && { modelsDir: values.models }),
  };
}
