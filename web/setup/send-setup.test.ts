import { expect, it } from 'vitest';
import { sendSetup } from './send-setup.ts';

const request = { token: 't', clinic: 'c', email: 'e', password: 'p' };
const answering = (status: number, body: unknown): typeof fetch => {
  return async () => Response.json(body, { status });
};

it('sends the form and the word of the link', async () => {
  const sent: unknown[] = [];
  const outcome = await sendSetup(request, async (address, init) => {
    sent.push(address, JSON.parse(init?.body as string));
    return Response.json({});
  });
  expect(outcome).toEqual({ kind: 'done' });
  expect(sent).toEqual(['/api/v1/auth/setup', request]);
});

it('says what is wrong with a password, and where', async () => {
  const problem = {
    code: 'account.weak-password',
    title: 'This password is too easy to guess.',
    detail: 'it is a row of the keyboard',
  };
  expect(await sendSetup(request, answering(422, problem))).toEqual({
    kind: 'refused',
    sentences: ['This password is too easy to guess.', 'It is a row of the keyboard.'],
    field: 'password',
  });
});

it('shows the sentence of any other problem, and nothing of its details', async () => {
  const problem = { code: 'account.setup-done', title: 'This link has been used.', detail: 'inside' };
  expect(await sendSetup(request, answering(410, problem))).toEqual({
    kind: 'refused',
    sentences: ['This link has been used.'],
  });
});

it('has a sentence for an answer that is no problem', async () => {
  expect(await sendSetup(request, answering(502, 'text'))).toMatchObject({
    kind: 'refused',
    sentences: ['The hub could not do it.'],
  });
});

it('has a sentence, and a next step, for no answer', async () => {
  expect(await sendSetup(request, () => Promise.reject(new TypeError('no network')))).toMatchObject({
    kind: 'refused',
    sentences: ['The hub does not answer.', expect.any(String)],
  });
});
