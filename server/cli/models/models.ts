import { AppError } from '../../../shared/kernel/errors.ts';
import type { Terminal } from '../terminal.ts';
import { checkCommand, checkUsage } from './check.ts';
import { sanityCommand, sanityUsage } from './sanity.ts';

const subcommands = {
  check: { run: checkCommand, usage: checkUsage },
  sanity: { run: sanityCommand, usage: sanityUsage },
};

export const modelsUsage = Object.values(subcommands)
  .map(({ usage }) => usage)
  .join('\n');

/** `npx fieldray models …`: what is to be known of a network before it is used. */
export async function modelsCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name = '', ...rest] = args;
  if (!Object.hasOwn(subcommands, name)) {
    throw new AppError('usage.invalid', `there is no command "models ${name}"`);
  }
  return subcommands[name as keyof typeof subcommands].run(rest, terminal);
}
