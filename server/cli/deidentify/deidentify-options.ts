import type { Mask } from '../../../shared/imaging/deidentify/deidentify-options.ts';
import { AppError } from '../../../shared/kernel/errors.ts';
import { parseCommand } from '../parse-command.ts';

export interface DeidentifyCommand {
  readonly input: string;
  readonly outputDir: string;
  readonly keyFile: string;
  readonly newKey: boolean;
  readonly longitudinal: boolean;
  readonly cleanDescriptors: boolean;
  readonly masks: readonly Mask[];
  readonly burnedInChecked: boolean;
}

export const deidentifyUsage = `npx fieldray deidentify IN OUT --key FILE [--new-key] [--longitudinal]
                         [--clean-descriptors] [--mask X,Y,WIDTH,HEIGHT]… [--burned-in-checked]

Writes X-rays without names into the folder OUT. IN is a file or a folder with all folders in it. Names, ids
and dates go (DICOM PS3.15 Annex E, Basic Profile); the picture stays as it is. The files in OUT are named by
pseudonyms. Files in IN are not changed.

  --key FILE          the key of your clinic: with the same key a patient has the same pseudonym
  --new-key           make that key; keep it safe and secret, like the names themselves
  --longitudinal      keep the dates, moved into the past by a number of days of each patient
                      (--keep-dates is the same)
  --clean-descriptors keep the words of descriptions that are known to name nobody
  --mask X,Y,WIDTH,HEIGHT
                      black out this part of every picture, in pixels from the upper left corner of
                      the picture as it is shown: upright, and stretched where its pixels are not square
  --burned-in-checked you have looked: no writing inside the pictures names anybody, or --mask covers all of it;
                      without it a picture that says it has writing goes on saying so

A picture that is likely to have writing in it is refused without --mask or --burned-in-checked.
Ends with 0 when all was written, 2 when some files were refused, 1 when the command was wrong or a file
could not be written.
`;

/** @throws AppError `usage.invalid` */
export function parseDeidentifyOptions(args: readonly string[]): DeidentifyCommand {
  const { values, positionals } = parseCommand(args, {
    key: { type: 'string' },
    'new-key': { type: 'boolean', default: false },
    longitudinal: { type: 'boolean', default: false },
    'keep-dates': { type: 'boolean', default: false },
    'clean-descriptors': { type: 'boolean', default: false },
    mask: { type: 'string', multiple: true },
    'burned-in-checked': { type: 'boolean', default: false },
  });
  const [input, outputDir, ...more] = positionals;
  if (input === undefined || outputDir === undefined || more.length > 0)
    throw new AppError('usage.invalid', 'name what to read and the folder to write to');
  if (values.key === undefined) throw new AppError('usage.invalid', 'name the key of the clinic with --key');
  return {
    input,
    outputDir,
    keyFile: values.key,
    newKey: values['new-key'],
    longitudinal: values.longitudinal || values['keep-dates'],
    cleanDescriptors: values['clean-descriptors'],
    masks: (values.mask ?? []).map(parseMask),
    burnedInChecked: values['burned-in-checked'],
  };
}

function parseMask(text: string): Mask {
  const [, x, y, width, height] = /^(\d{1,6}),(\d{1,6}),(\d{1,6}),(\d{1,6})$/.exec(text) ?? [];
  const mask = { x: Number(x), y: Number(y), width: Number(width), height: Number(height) };
  if (!(mask.width > 0 && mask.height > 0))
    throw new AppError('usage.invalid', `--mask takes X,Y,WIDTH,HEIGHT in pixels, not "${text}"`);
  return mask;
}
