import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mutants } from './mutants.ts';

const occurrences = (file: string, text: string): number => readFileSync(file, 'utf8').split(text).length - 1;

describe('planted bugs', () => {
  it('are at least forty, each with a name of its own', () => {
    expect(mutants.length).toBeGreaterThanOrEqual(40);
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  });

  it('stand where they say, and change something', () => {
    const wrong = mutants.filter(({ file, from, to }) => from === to || occurrences(file, from) !== 1);
    expect(wrong.map(({ name, file }) => `${name} in ${file}`)).toEqual([]);
  });
});
