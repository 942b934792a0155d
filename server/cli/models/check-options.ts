import { AppError } from '../../../shared/kernel/errors.ts';
import { parseCommand } from '../parse-command.ts';

export interface CheckOptions {
  readonly path: string;
  readonly output?: string;
  readonly layer?: string;
  readonly inputDims?: readonly number[];
}

export const checkUsage = `npx fieldray models check FILE.onnx [--output NAME] [--layer NAME] [--input 1,3,224,224]

Says which explanations a network can have here: its operators, which of them lack a gradient rule, the size
of the compiled gradients and how long compiling takes. Each is run once: its logits are held
against those of the file, its gradient against finite differences.

  --output NAME   the tensor to explain; without it every output of the network
  --layer NAME    the activation for Grad-CAM; without it the last spatial one
  --input DIMS    size of the input where the file leaves it open

Ends with 0 when every explanation is possible, 2 when some are not, 1 when the file cannot be read.
`;

/** @throws AppError `usage.invalid` */
export function parseCheckOptions(args: readonly string[]): CheckOptions {
  const { values, positionals } = parseCommand(args, {
    output: { type: 'string' },
    layer: { type: 'string' },
    input: { type: 'string' },
  });
  const [path, ...rest] = positionals;
  if (path === undefined || rest.length > 0) throw new AppError('usage.invalid', 'name one ONNX file');
  const inputDims = values.input?.split(/[,x×]/).map(Number);
  if (inputDims?.some((dim) => !Number.isSafeInteger(dim) || dim < 1) === true) {
    throw new AppError('usage.invalid', `--input takes sizes like 1,3,224,224, not ${values.input}`);
  }
  return {
    path,
    ...(values.output !== undefined && { output: values.output }),
    ...(values.layer !== undefined && { layer: values.layer }),
    ...(inputDims !== undefined && { inputDims }),
  };
}
