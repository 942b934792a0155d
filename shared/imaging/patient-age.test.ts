import { describe, expect, it } from 'vitest';
import { yearsBetween } from './patient-age.ts';

describe('the age between two dates', () => {
  it.each([
    ['20160301', '20220301', 6],
    ['20210101', '20220101', 1],
    ['20190301', '20200301', 1],
    ['20200229', '20240229', 4],
    ['20200229', '20210301', 1],
    ['20200101', '20200101', 0],
    ['2016.03.01', '20220301', 6],
  ])('born %s, seen %s: on a birthday %i whole years', (born, seen, years) => {
    expect(yearsBetween(born, seen)).toBe(years);
  });

  it.each([
    ['20160301', '20220228', 5 + 364 / 365],
    ['20190101', '20200701', 1 + 182 / 366],
    ['20200229', '20210228', 365 / 366],
  ])('born %s, seen %s: %f', (born, seen, years) => {
    expect(yearsBetween(born, seen)).toBeCloseTo(years, 12);
  });

  it.each([
    ['20201399', '20220101'],
    ['20210229', '20220101'],
    ['20200101', '20220001'],
    ['20200431', '20220101'],
    ['00000000', '20220101'],
    ['00010101', '20220101'],
    ['20220102', '20220101'],
    ['2020', '20220101'],
    [undefined, '20220101'],
    ['20200101', undefined],
  ])('born %s, seen %s: not known', (born, seen) => {
    expect(yearsBetween(born, seen)).toBeUndefined();
  });
});
