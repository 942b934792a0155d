import { writeFile } from 'node:fs/promises';
import { phantomFile } from '../../shared/imaging/phantom-file.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import { exitStatus } from './exit-status.ts';
import { fileProblem } from './file-problem.ts';
import type { Terminal } from './terminal.ts';
import { parseCommand } from './parse-command.ts';

export const phantomUsage = `npx fieldray phantom FILE [--opacity] [--seed N] [--size PIXELS]

Writes a chest phantom, drawn by a program and labelled as synthetic, as a PNG file.

  --opacity       with a shadow in one lung
  --seed N        another texture (default 1)
  --size PIXELS   width (default 640)
`;

function wholeNumber(text: string, name: string, min: number, max: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new AppError('usage.invalid', `${name} takes a whole number from ${min} to ${max}, not "${text}"`);
  }
  return value;
}

export async function phantomCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseCommand(args, {
    opacity: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    size: { type: 'string', default: '640' },
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new AppError('usage.invalid', 'name one file to write');
  const width = wholeNumber(values.size, '--size', 128, 4096);
  const seed = wholeNumber(values.seed, '--seed', 0, 2 ** 31 - 1);
  const png = phantomFile({ width, height: Math.round(width * 0.9), seed, opacity: values.opacity });
  try {
    await writeFile(file, png);
  } catch (cause) {
    throw fileProblem(file, cause);
  }
  terminal.out(`${file}: a synthetic chest phantom, ${width}×${Math.round(width * 0.9)}\n`);
  return exitStatus.ok;
}
