import { ExplainMethods, type ExplainMethod, explainMethods } from '../../shared/api/explanation.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { parseCommand } from './parse-command.ts';

export interface ReadOptions {
  readonly paths: readonly string[];
  readonly phantom: boolean;
  /** Explanations beyond the Grad-CAM of every finding. */
  readonly explain: readonly ExplainMethod[];
  readonly csv?: string;
  readonly json?: string;
  readonly overlayDir?: string;
  readonly masksDir?: string;
  readonly modelsDir?: string;
}

export const readUsage = `npx fieldray read PATH… [--csv FILE] [--json FILE] [--overlay DIR] [--masks DIR]
                         [--explain METHODS] [--phantom]

Reads chest X-rays (DICOM, JPEG, PNG); folders are searched with all folders in them, ZIP files are
read entry by entry, and a DICOMDIR gives the order and what should be there.

  --csv FILE      a table, one row for each file and finding
  --json FILE     everything, as JSON
  --overlay DIR   pictures with the lungs' outline and the heat map, one for each of METHODS
  --masks DIR     the lungs as black and white pictures of the image's size
  --explain METHODS
                  what the model used, and whether that map is worth anything: one or more of
                  ${explainMethods.join(', ')}, with commas between
  --phantom       also read a phantom drawn by a program
  --models DIR    models to use instead of the bundled ones

Ends with 0 when all was read, 2 when some images were refused, 1 when the command was wrong,
3 when a model failed its reference check on this machine.
`;

/** @throws AppError `usage.invalid` */
export function parseReadOptions(args: readonly string[]): ReadOptions {
  const { values, positionals } = parseCommand(args, {
    csv: { type: 'string' },
    explain: { type: 'string' },
    json: { type: 'string' },
    overlay: { type: 'string' },
    masks: { type: 'string' },
    models: { type: 'string' },
    phantom: { type: 'boolean', default: false },
  });
  if (positionals.length === 0 && !values.phantom) {
    throw new AppError('usage.invalid', 'name at least one file or folder, or use --phantom');
  }
  return {
    paths: positionals,
    phantom: values.phantom,
    explain: parseMethods(values.explain),
    ...(values.csv !== undefined && { csv: values.csv }),
    ...(values.json !== undefined && { json: values.json }),
    ...(values.overlay !== undefined && { overlayDir: values.overlay }),
    ...(values.masks !== undefined && { masksDir: values.masks }),
    ...(values.models !== undefined && { modelsDir: values.models }),
  };
}

function parseMethods(text: string | undefined): ExplainMethod[] {
  const methods = ExplainMethods.safeParse(text ?? '');
  if (!methods.success) {
    throw new AppError('usage.invalid', `--explain takes ${explainMethods.join(', ')}, with commas between`);
  }
  return methods.data;
}
