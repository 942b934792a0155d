import { describe, expect, it } from 'vitest';
import { Problem } from '../../shared/api/problem.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import type { AppDeps, Readiness } from '../deps.ts';
import { aReading, aRefusal } from '../../tests/fixtures/analysis-builder.ts';
import { fakeHubLog } from '../../tests/hub/fake-hub-log.ts';
import { fakePool } from '../../tests/hub/fake-pool.ts';
import { aDoctor, asDoctor, hubApp, upload } from '../../tests/hub/hub-app.ts';
import { memoryDatabase } from '../../tests/hub/memory-database.ts';

const path = '/api/v1/inference/predict';

async function problemFor(init: RequestInit, changes: Partial<AppDeps> = {}): Promise<Problem> {
  const headers = new Headers(init.headers);
  headers.set('Authorization', asDoctor.Authorization);
  const answer = await hubApp(changes).app.request(path, { ...init, headers });
  const problem = Problem.parse(await answer.json());
  expect(problem.status).toBe(answer.status);
  return problem;
}

function formWith(...entries: readonly [string, string | File][]): RequestInit {
  const body = new FormData();
  for (const [name, value] of entries) body.append(name, value);
  return { method: 'POST', body };
}

/** A body without Content-Length, as a client that streams sends it. */
function streamed(bytes: number): RequestInit {
  const body = new ReadableStream({
    start(controller) {
      for (let sent = 0; sent < bytes; sent += 100) controller.enqueue(new Uint8Array(100));
      controller.close();
    },
  });
  const headers = { 'Content-Type': 'multipart/form-data; boundary=x', 'Transfer-Encoding': 'chunked' };
  return { method: 'POST', body, headers, duplex: 'half' } as RequestInit;
}

describe('predict', () => {
  it('answers with the analysis of the bytes that came', async () => {
    const pool = fakePool(({ file = '' }) => aReading({ file }));
    const answer = await hubApp({ pool }).app.request(
      path,
      upload(new File([new Uint8Array([1, 2, 3])], 'film.dcm')),
    );
    expect(await answer.json()).toEqual(aReading({ file: 'film.dcm' }));
    expect(pool.jobs[0]?.source).toEqual({ bytes: new Uint8Array([1, 2, 3]) });
  });

  it.each<[string, string[]]>([
    ['', []],
    ['?explain=gradcam', ['gradcam']],
    ['?explain=ig-blurred,gradcam,ig-blurred', ['ig-blurred', 'gradcam']],
    ['?explain=gradcam,&explain=%20ig', ['gradcam', 'ig']],
    ['?explain=', []],
  ])('asks for the explanations of "%s"', async (query, methods) => {
    const pool = fakePool();
    await hubApp({ pool }).app.request(`${path}${query}`, upload(new File(['x'], 'film.png')));
    expect(pool.jobs[0]?.explain).toEqual(methods);
  });

  it.each(['tarot', 'gradcam,tarot', 'ig,ig-black,ig-blurred,smoothgrad'])(
    'refuses to explain by %s, before the file is read',
    async (methods) => {
      const pool = fakePool();
      const { app } = hubApp({ pool });
      const answer = await app.request(`${path}?explain=${methods}`, upload(new File(['x'], 'film.png')));
      expect(Problem.parse(await answer.json())).toMatchObject({ status: 400, code: 'request.invalid' });
      expect(pool.jobs).toEqual([]);
    },
  );

  it.each([
    ['C:/patients/Doe/film.dcm', 'film.dcm'],
    ['../../etc/passwd', 'passwd'],
    ['a'.repeat(300), 'a'.repeat(255)],
    ['folder/', undefined],
  ])('knows %s only by its base name', async (name, shown) => {
    const pool = fakePool();
    await hubApp({ pool }).app.request(path, upload(new File(['x'], name)));
    expect(pool.jobs[0]?.file).toBe(shown);
  });

  it('keeps the result in the log, without maps and without the name of the file', async () => {
    const hubLog = fakeHubLog(memoryDatabase([]));
    const reading = aReading({ file: 'planted-name.dcm' });
    reading.image.identity = 'a'.repeat(64);
    const { app } = hubApp({ pool: fakePool(() => reading), hubLog });
    for (let time = 0; time < 2; time++) {
      await app.request(path, upload(new File(['x'], 'planted-name.dcm')));
    }
    const [first, second] = hubLog.facts;
    expect(first).toMatchObject({
      kind: 'result.added',
      clinic: aDoctor.clinic,
      actor: aDoctor.userId,
      body: { image: 'a'.repeat(64), analysis: { findings: [{ code: reading.findings[0]?.code }] } },
    });
    expect(second?.entity).toBe(first?.entity);
    expect(JSON.stringify(hubLog.facts)).not.toMatch(/planted|heatmap/);
  });

  it('has read nothing where the log cannot keep it', async () => {
    const hubLog = fakeHubLog(memoryDatabase([]));
    hubLog.append = () => Promise.reject(new AppError('storage.full', 'no room'));
    const reading = aReading();
    reading.image.identity = 'a'.repeat(64);
    const problem = await problemFor(upload(), { pool: fakePool(() => reading), hubLog });
    expect(problem).toMatchObject({ status: 507, code: 'storage.full' });
  });

  it('answers a refused image as a problem that carries the analysis', async () => {
    const analysis = aRefusal('image.not-a-chest');
    const [reason] = analysis.intake.reasons;
    const problem = await problemFor(upload(), { pool: fakePool(() => analysis) });
    expect(problem).toMatchObject({ status: 422, code: 'image.not-a-chest', title: reason?.message });
    expect(problem).toMatchObject({ advice: reason?.advice, detail: 'measured', retry: false, analysis });
  });

  it('takes the status from the catalogue where the reason is in it', async () => {
    const analysis = aRefusal('image.blank');
    analysis.intake.reasons[0]!.code = 'image.unknown-format';
    expect(await problemFor(upload(), { pool: fakePool(() => analysis) })).toMatchObject({ status: 415 });
  });

  it.each([
    ['no body', { method: 'POST' }],
    ['JSON', { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } }],
    ['a form of another kind', { method: 'POST', body: new URLSearchParams({ file: 'x' }) }],
    [
      'broken multipart',
      { method: 'POST', body: 'x', headers: { 'Content-Type': 'multipart/form-data; boundary=y' } },
    ],
    ['no field', formWith()],
    ['another field', upload(undefined, 'image')],
    ['two files', formWith(['file', new File(['x'], 'a')], ['file', new File(['y'], 'b')])],
    ['a field beside the file', formWith(['file', new File(['x'], 'a')], ['note', 'y'])],
    ['text in place of a file', upload('text')],
  ] satisfies [string, RequestInit][])('refuses %s', async (_what, init) => {
    const pool = fakePool();
    expect(await problemFor(init, { pool })).toMatchObject({ code: 'request.invalid' });
    expect(pool.jobs).toEqual([]);
  });

  it('refuses a body that says it is too large', async () => {
    const init = { ...upload(), headers: { 'Content-Length': '1001' } };
    expect(await problemFor(init)).toMatchObject({ code: 'request.too-large', status: 413 });
  });

  it('refuses a body that becomes too large on the way', async () => {
    expect(await problemFor(streamed(5000))).toMatchObject({ code: 'request.too-large', status: 413 });
  });

  it.each([
    ['inference.busy', 503],
    ['inference.timeout', 503],
    ['inference.worker-died', 503],
    ['model.run-failed', 500],
  ] as const)('passes on %s from the pool', async (code, status) => {
    const pool = fakePool(() => {
      throw new AppError(code, 'inside');
    });
    expect(await problemFor(upload(), { pool })).toMatchObject({ code, status, retry: true });
  });

  it('reads for nobody who is not signed in, and does not look at the file', async () => {
    const pool = fakePool();
    const answer = await hubApp({ pool }).app.request(path, { ...upload(), headers: {} });
    expect(Problem.parse(await answer.json())).toMatchObject({ status: 401, code: 'account.signed-out' });
    expect(pool.jobs).toEqual([]);
  });

  it('takes nothing more while the hub stops', async () => {
    const pool = fakePool();
    const readiness: Readiness = { status: () => 'stopping', models: () => [] };
    expect(await problemFor(upload(), { pool, readiness })).toMatchObject({ code: 'inference.busy' });
    expect(pool.jobs).toEqual([]);
  });
});
