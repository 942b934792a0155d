import { expect, it } from 'vitest';
import { readConfig } from '../../server/config.ts';
import { tokenOf } from './link-token.ts';

it.each(['A-_z'.repeat(10) + 'abc', 'a.word.with.dots.that.is.long.enough'])(
  'takes what the hub takes: %s',
  (token) => {
    expect(readConfig({ SETUP_TOKEN: token }).setupToken).toBe(token);
    expect(tokenOf(`#${token}`)).toBe(token);
  },
);

it.each(['', '#', '#cut-off', '#a word with spaces in it, long enough', `#${'a'.repeat(201)}`])(
  'is not content with "%s"',
  (hash) => expect(tokenOf(hash)).toBeUndefined(),
);
