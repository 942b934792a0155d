import { describe, expect, it } from 'vitest';
import { parseJson } from './parse-json.ts';

const refused = expect.objectContaining({ code: 'request.invalid' });

describe('parseJson', () => {
  it('reads what JSON says', () => {
    expect(parseJson('{"a":[1,"x"]}')).toEqual({ a: [1, 'x'] });
  });

  it('refuses what is no JSON', () => {
    expect(() => parseJson('{')).toThrow(refused);
  });

  it.each([
    ['nested lists', '['.repeat(150_000) + ']'.repeat(150_000)],
    ['nested objects', '{"a":'.repeat(150_000) + '1' + '}'.repeat(150_000)],
    ['many items', `[${Array<string>(150_000).fill('0').join(',')}]`],
    ['brackets behind a string that ends in a backslash', `["\\\\",${'['.repeat(150_000)}`],
  ])('refuses %s before they are read', (_, text) => {
    expect(() => parseJson(text)).toThrow(/more than 100000 parts/);
  });

  it('does not count what stands in strings', () => {
    const text = '[{,"'.repeat(100_000);
    expect(parseJson(JSON.stringify({ text }))).toEqual({ text });
  });
});
