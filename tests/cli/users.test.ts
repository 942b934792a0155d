import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('../../server/cli/main.ts', import.meta.url));
const password = 'seven lungs under glass';

describe('npx fieldray users', () => {
  let home: string;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'fieldray-users-'));
  });
  afterAll(() => rm(home, { recursive: true }));

  async function users(args: readonly string[], input = '') {
    const env = { ...process.env, DATA_DIR: join(home, 'data') };
    const child = spawn(process.execPath, [program, 'users', ...args], { env });
    child.stdin.end(input);
    const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { status: await closed, out, err };
  }
  const add = ['add', 'ada@example.org', '--role', 'admin', '--password-stdin'];

  it('asks for the clinic before there is one', async () => {
    const { status, err } = await users(add, password);
    expect(status).toBe(1);
    expect(err).toContain('name the first one with --clinic');
  });

  it('adds the first account with its clinic, without a hub, and lists it', async () => {
    const added = await users([...add, '--clinic', 'North clinic'], `${password}\n`);
    expect(added).toMatchObject({ status: 0, out: 'ada@example.org  admin   active    North clinic\n' });
    expect(`${added.out}${added.err}`).not.toContain(password);
    expect((await users(['list'])).out).toBe(added.out);
  });

  it('changes accounts', async () => {
    await users(['add', 'bob@example.org', '--role', 'user', '--password-stdin'], password);
    expect((await users(['set-role', 'bob@example.org', '--role', 'doctor'])).out).toContain('doctor');
    expect((await users(['disable', 'BOB@example.org'])).out).toContain('disabled');
    expect((await users(['enable', 'bob@example.org'])).out).toMatch(/doctor\s+active/);
  });

  it('gives somebody who has forgotten it another password, as strong as any', async () => {
    const set = ['set-password', 'bob@example.org', '--password-stdin'];
    expect(await users(set, 'eight lungs under glass\n')).toMatchObject({ status: 0 });
    expect((await users(set, 'short')).err).toContain('This password is too easy to guess');
    expect((await users(['set-password', 'no@example.org', '--password-stdin'], password)).status).toBe(1);
  });

  it('keeps the last administrator', async () => {
    const { status, err } = await users(['disable', 'ada@example.org']);
    expect(status).toBe(1);
    expect(err).toContain('A clinic keeps at least one administrator.');
  });

  it.each([
    [['add', 'eve@example.org', '--role', 'admin', '--password', 'x'], '--password'],
    [['add', 'eve@example.org', '--role', 'admin'], 'add takes --password-stdin'],
    [['add', 'eve@example.org', '--role', 'root', '--password-stdin'], '--role takes user, doctor or admin'],
    [['add', 'eve@example.org', '--role', 'user', '--password-stdin'], 'the input holds no password'],
    [['set-password', 'ada@example.org'], 'set-password takes --password-stdin'],
    [['disable'], 'name one account'],
    [['list', 'ada@example.org'], 'name one account'],
    [['drop', 'ada@example.org'], 'there is no command "users drop"'],
  ])('refuses %o', async (args, sentence) => {
    const { status, err } = await users(args);
    expect(status).toBe(1);
    expect(err).toContain(sentence);
  });
});
