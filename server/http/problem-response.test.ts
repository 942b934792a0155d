import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../shared/api/problem.ts';
import { AppError } from '../../shared/kernel/errors.ts';
import type { AppEnv } from '../deps.ts';
import { problemResponse, refusalResponse } from './problem-response.ts';
import { aReading, aRefusal } from '../../tests/fixtures/analysis-builder.ts';

async function answerTo(thrown: unknown) {
  const app = new Hono<AppEnv>();
  app.get('/', (c) => {
    c.set('requestId', 'request-1');
    return problemResponse(c, thrown);
  });
  const response = await app.request('/');
  return { response, problem: Problem.parse(await response.json()) };
}

describe('problemResponse', () => {
  it('writes an AppError as RFC 9457 says, with the sentence of the catalogue', async () => {
    const { response, problem } = await answerTo(new AppError('request.too-large', 'more than 9 bytes'));
    expect(response.headers.get('Content-Type')).toBe('application/problem+json');
    expect(response.status).toBe(413);
    expect(problem).toEqual({
      type: 'urn:fieldray:problem:request.too-large',
      title: 'The file is larger than this hub accepts.',
      status: 413,
      detail: 'more than 9 bytes',
      instance: 'request-1',
      code: 'request.too-large',
      retry: false,
    });
  });

  it.each([
    [new HTTPException(400, { message: 'malformed' }), 'request.invalid', 400],
    [new HTTPException(404), 'request.not-found', 404],
    [new HTTPException(413), 'request.too-large', 413],
    [new HTTPException(502), 'server.internal', 500],
    [new TypeError('x is not a function'), 'server.internal', 500],
    ['a string', 'server.internal', 500],
    [{ exception: 'a plain object' }, 'server.internal', 500],
    [undefined, 'server.internal', 500],
  ])('maps %s to %s', async (thrown, code, status) => {
    const { response, problem } = await answerTo(thrown);
    expect([problem.code, problem.status, response.status]).toEqual([code, status, status]);
  });

  it.each([new Error('/home/clinic/secret'), new AppError('model.run-failed', '/home/clinic/secret')])(
    'keeps to itself why the hub failed: %s',
    async (thrown) => {
      const { problem } = await answerTo(thrown);
      expect(JSON.stringify(problem)).not.toContain('secret');
      expect(problem.retry).toBe(true);
    },
  );
});

describe('refusalResponse', () => {
  it('refuses to write a reading as a refusal', async () => {
    const app = new Hono<AppEnv>();
    app.onError((error, c) => c.text(error.message, 500));
    app.get('/', (c) => refusalResponse(c, aReading()));
    expect(await (await app.request('/')).text()).toBe('a refusal without a reason');
  });

  it('carries the advice and the whole analysis', async () => {
    const analysis = aRefusal('image.blank');
    const app = new Hono<AppEnv>();
    app.get('/', (c) => refusalResponse(c, analysis));
    const answer: unknown = await (await app.request('/')).json();
    expect(answer).toMatchObject({
      code: 'image.blank',
      advice: analysis.intake.reasons[0]?.advice,
      analysis,
    });
  });
});
