import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Tensor } from '../../../shared/model/session.ts';
import type { ArrayName, Question } from '../../fixtures/answer-gradients.ts';
import { readNpy } from './npy.ts';

/** One folder of conformance cases, in the format of the handbook's `conformance/README.md`. */

const File = z.string().regex(/^[\w.-]+$/);
const CaseFile = z.object({
  model: File.default('model.onnx'),
  input: z.string(),
  output: z.string(),
  layer: z.string().optional(),
  target: z.union([z.object({ class: z.int().nonnegative() }), z.object({ mask: File })]),
  integrated_gradients: z.object({ steps: z.int().positive() }).optional(),
  expect: z.object({
    logits: File.optional(),
    activation_gradient: File.optional(),
    gradcam: File.optional(),
    input_gradient: File.optional(),
    integrated_gradients: File.optional(),
  }),
  tolerance: z.object({ relative_l2: z.number().positive() }),
});

export interface GradientCase extends Question {
  readonly name: string;
  readonly expected: ReadonlyMap<ArrayName, Tensor>;
  readonly tolerance: number;
}

export function caseNames(folder: string): string[] {
  const isCase = (name: string): boolean => {
    try {
      return statSync(join(folder, name, 'case.json')).isFile();
    } catch {
      return false;
    }
  };
  return readdirSync(folder).filter(isCase).toSorted();
}

export function readCase(folder: string, name: string): GradientCase {
  const at = (file: string): string => join(folder, name, file);
  const file = CaseFile.parse(JSON.parse(readFileSync(at('case.json'), 'utf8')));
  const entries = Object.entries(file.expect) as [ArrayName, string][];
  return {
    name,
    model: new Uint8Array(readFileSync(at(file.model))),
    output: file.output,
    layer: file.layer,
    input: readNpy(at('input.npy')),
    target: 'class' in file.target ? file.target : { mask: readNpy(at(file.target.mask)) },
    steps: file.integrated_gradients?.steps,
    expected: new Map(entries.map(([array, path]) => [array, readNpy(at(path))])),
    tolerance: file.tolerance.relative_l2,
  };
}
