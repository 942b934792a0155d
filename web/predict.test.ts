import { afterEach, expect, it, vi } from 'vitest';
import { aReading, aRefusal } from '../tests/fixtures/analysis-builder.ts';
import { fakePool } from '../tests/hub/fake-pool.ts';
import { hubApp } from '../tests/hub/hub-app.ts';
import { predict } from './predict.ts';

const film = new File(['pixels'], 'film.png');
const { signal } = new AbortController();

/** The page and the hub in one process: fetch goes straight into the app. */
function connect({ app }: ReturnType<typeof hubApp>): void {
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => app.request(path, init));
}

afterEach(() => {
  vi.unstubAllGlobals();
});

it('understands a reading', async () => {
  connect(hubApp());
  expect(await predict(film, signal)).toEqual({ kind: 'read', analysis: aReading() });
});

it('understands a refusal and keeps its reference', async () => {
  const analysis = aRefusal('image.blank');
  connect(hubApp({ pool: fakePool(() => analysis) }));
  expect(await predict(film, signal)).toEqual({ kind: 'refused', analysis, reference: 'request-1' });
});

it('understands a failure', async () => {
  connect(hubApp({ maxUploadBytes: 1 }));
  const large = new File(['x'.repeat(2000)], 'large.png');
  const prediction = await predict(large, signal);
  expect(prediction).toMatchObject({
    kind: 'failed',
    failure: { title: 'The file is larger than this hub accepts.' },
  });
});

it.each([new Response('<html>'), Response.json({ probability: 0.9 }), new Response('', { status: 502 })])(
  'shows no number of an answer that it does not understand',
  async (answer) => {
    vi.stubGlobal('fetch', async () => answer);
    expect(await predict(film, signal)).toMatchObject({
      kind: 'failed',
      failure: { advice: 'Load the page again.' },
    });
  },
);

it('says that the hub does not answer', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
  expect(await predict(film, signal)).toMatchObject({ failure: { title: 'The hub does not answer.' } });
});

it('is silent when it is aborted', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
  await expect(predict(film, AbortSignal.abort())).rejects.toThrow('abort');
});
