import type { Failure } from './failure.ts';

export const usageFailures = {
  'usage.invalid': { status: 400, title: 'The command was not understood.', retry: false },
  'usage.file-problem': {
    status: 400,
    title: 'A file or folder named in the command cannot be used.',
    retry: false,
  },
  'usage.would-overwrite': {
    status: 400,
    title: 'The command would write over a file that must stay, so nothing was read.',
    retry: false,
  },
  'usage.interrupted': { status: 400, title: 'Stopped before all images were read.', retry: true },
  'usage.nothing-to-read': { status: 400, title: 'There is nothing to read here.', retry: false },
  'usage.name-collision': {
    status: 400,
    title: 'Two images would be written to the same output file.',
    retry: false,
  },
} as const satisfies Record<string, Failure>;
