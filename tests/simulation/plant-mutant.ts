import { registerHooks } from 'node:module';
import { mutants } from './mutants.ts';

/**
 * From now on this process imports one file of the program with the bug in it.
 * @throws TypeError when there is no such mutant, or its place is not found exactly once
 */
export function plantMutant(name: string): void {
  const mutant = mutants.find((each) => each.name === name);
  if (mutant === undefined) throw new TypeError(`there is no mutant ${name}`);
  const { href } = new URL(`../../${mutant.file}`, import.meta.url);
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (url !== href) return loaded;
      const { source } = loaded;
      const text = typeof source === 'string' ? source : new TextDecoder().decode(source ?? undefined);
      const parts = text.split(mutant.from);
      if (parts.length !== 2) throw new TypeError(`${mutant.file} does not say once: ${mutant.from}`);
      return { ...loaded, source: parts.join(mutant.to) };
    },
  });
}
