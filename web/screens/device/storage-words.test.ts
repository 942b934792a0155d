import { describe, expect, it } from 'vitest';
import { storageRoom } from '../../pwa/storage-reserve.ts';
import { filmsInWords, keepAdvice, promiseInWords, roomWarning } from './storage-words.ts';

const room = (freeBytes: number) => storageRoom({ quotaBytes: 100e9, usageBytes: 100e9 - freeBytes }, [10e6]);

describe('the room in words', () => {
  it.each([
    [90e9, 'about 9,000'],
    [1.15e9, 'about 15'],
    [1e9, 'none'],
  ])('%d bytes are enough for %s', (free, words) => {
    expect(filmsInWords(room(free))).toBe(words);
  });

  it('is not told where the browser does not say', () => {
    expect(filmsInWords(undefined)).toBeUndefined();
    expect(roomWarning(undefined)).toBeUndefined();
    expect(promiseInWords(undefined)).toBe('this browser does not say');
  });

  it('warns before it refuses', () => {
    expect(roomWarning(room(50e9))).toBeUndefined();
    expect(roomWarning(room(2e9))).toMatchObject({ kind: 'warning' });
    expect(roomWarning(room(0.9e9))).toMatchObject({ kind: 'refused' });
  });
});

describe('how to make the browser keep it', () => {
  const chrome =
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
  const mac =
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15';
  const phone =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1';
  const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';

  it.each([
    ['Chrome', chrome, /install Fieldray/],
    ['Edge', `${chrome} Edg/140.0.0.0`, /install Fieldray/],
    ['Safari on a Mac', mac, /Add to Dock/],
    ['Safari on a phone', phone, /Add to Home Screen/],
    ['Firefox', firefox, /Allow/],
  ])('is told for %s', (_, userAgent, words) => {
    expect(keepAdvice(userAgent, { persisted: false })).toMatch(words);
    expect(keepAdvice(userAgent, { persisted: true })).toBeUndefined();
  });
});
