import { expect, it } from 'vitest';
import { createRequestLog, type RequestRecord } from './log.ts';

function logged(changes: Partial<RequestRecord>): unknown {
  const lines: string[] = [];
  const record = { time: new Date(0), requestId: 'r', method: 'GET', route: '/x', status: 200, ms: 1.234 };
  createRequestLog((line) => lines.push(line))({ ...record, ...changes });
  return JSON.parse(lines.join());
}

it('writes one line of JSON', () => {
  expect(logged({})).toEqual({
    time: '1970-01-01T00:00:00.000Z',
    level: 'info',
    requestId: 'r',
    method: 'GET',
    route: '/x',
    status: 200,
    ms: 1.2,
  });
});

it('tells failures of the caller from failures of the hub', () => {
  expect(logged({ status: 422, code: 'image.blank' })).toMatchObject({ level: 'warn', code: 'image.blank' });
  expect(logged({ status: 500, error: 'out of memory' })).toMatchObject({
    level: 'error',
    error: 'out of memory',
  });
});

it('drops fields that are not on its list, and reasons below 500', () => {
  const record = { error: 'why', file: 'planted.dcm', headers: { cookie: 'planted' } };
  const line = JSON.stringify(logged({ ...record, status: 400 }));
  expect(line).not.toMatch(/why|planted/);
});
