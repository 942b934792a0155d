import { expect, it } from 'vitest';
import { outputName, refuseCollisions } from './output-names.ts';

it.each([
  ['a/b.dcm', 'a/b.mask.png'],
  ['b.JPEG', 'b.mask.png'],
  ['b.jpg', 'b.mask.png'],
  ['x.y.png', 'x.y.mask.png'],
  ['1.2.840.1', '1.2.840.1.mask.png'],
  ['b.ima', 'b.ima.mask.png'],
])('%s becomes %s', (relative, name) => {
  expect(outputName(relative, 'mask')).toBe(name);
});

it('refuses two inputs with one output', () => {
  const file = (path: string, relative: string) => ({ path, relative });
  expect(() => refuseCollisions([file('x/a.png', 'a.png'), file('y/a.jpg', 'a.jpg')])).toThrow(
    /x\/a\.png and y\/a\.jpg/,
  );
  expect(() => refuseCollisions([file('x/a.png', 'a.png'), file('x/A.png', 'A.png')])).toThrow(/both become/);
  expect(() => refuseCollisions([file('x/a.png', 'a.png'), file('x/b/a.png', 'b/a.png')])).not.toThrow();
});
