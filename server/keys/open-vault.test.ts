import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { masterKeyPath, masterKeys } from './master-key-file.ts';
import { masterKey } from './master-key.ts';
import { openVault, type SecretPlace } from './open-vault.ts';

function memoryPlace(): SecretPlace & { kept?: Uint8Array } {
  return {
    async read() {
      return this.kept;
    },
    async create(sealed) {
      this.kept ??= sealed;
    },
    async replace(sealed) {
      this.kept = sealed;
    },
  };
}

const newKey = () => masterKey(randomBytes(32));
const sealedElsewhere = expect.objectContaining({ code: 'storage.sealed' });

describe('openVault', () => {
  it('finds with the second start what the first one indexed and sealed', async () => {
    const place = memoryPlace();
    const key = newKey();
    const first = await openVault(place, async () => [key]);
    const second = await openVault(place, async () => [key]);
    expect(second.blindIndex('a', 'b')).toBe(first.blindIndex('a', 'b'));
    expect(second.open(first.seal(Uint8Array.of(7), 'x'), 'x')).toEqual(Buffer.of(7));
  });

  it('refuses to start under another master key', async () => {
    const place = memoryPlace();
    await openVault(place, async () => [newKey()]);
    await expect(openVault(place, async () => [newKey()])).rejects.toThrow(/sealed under another master key/);
  });

  it('takes the secret along to a new master key, so that the old one can be thrown away', async () => {
    const place = memoryPlace();
    const [old, fresh] = [newKey(), newKey()];
    const before = await openVault(place, async () => [old]);
    await openVault(place, async () => [fresh, old]);
    const after = await openVault(place, async () => [fresh]);
    expect(after.blindIndex('a', 'b')).toBe(before.blindIndex('a', 'b'));
    await expect(openVault(place, async () => [old])).rejects.toThrow(sealedElsewhere);
  });

  it('agrees with another process that starts at the same time', async () => {
    const place = memoryPlace();
    const key = newKey();
    const [one, two] = await Promise.all([
      openVault(place, async () => [key]),
      openVault(place, async () => [key]),
    ]);
    expect(one.blindIndex('a', 'b')).toBe(two.blindIndex('a', 'b'));
  });
});

describe('the master key’s file', () => {
  let folder: string;
  const warnings: string[] = [];
  const settings = () => ({ dataDir: join(folder, 'data') });
  const path = () => masterKeyPath(settings());
  const read = (makeKey: boolean, more = {}) =>
    masterKeys({ ...settings(), ...more }, (line) => warnings.push(line))({ makeKey });
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fieldray-keys-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is not made when something is sealed already', async () => {
    await expect(read(false)).rejects.toThrow(/their key is not at .*data\.key/);
  });

  it('is made at a first start, beside the data folder, for its owner alone, with a warning', async () => {
    const [made] = await read(true);
    expect((await stat(path())).mode & 0o777).toBe(0o600);
    expect(warnings).toEqual([expect.stringContaining(path())]);
    expect((await read(true))[0]).toEqual(made);
    expect(warnings).toHaveLength(1);
  });

  it('holds the present key first and then older ones', async () => {
    const [before] = await read(false);
    await writeFile(path(), `${randomBytes(32).toString('base64')}\n${await readFile(path(), 'utf8')}`);
    const ring = await read(false);
    expect(ring).toHaveLength(2);
    expect(ring[1]).toEqual(before);
  });

  it('is not looked at when the environment has a key', async () => {
    const text = randomBytes(32).toString('base64');
    const old = randomBytes(32).toString('base64');
    expect(await read(false, { masterKey: text, masterKeyOld: [old] })).toEqual([
      masterKey(Buffer.from(text, 'base64')),
      masterKey(Buffer.from(old, 'base64')),
    ]);
  });

  it.each(['.', 'keys', 'a/../keys'])('may not lie inside the data folder: %s', async (inside) => {
    const masterKeyFile = join(folder, 'data', inside);
    await expect(read(true, { masterKeyFile })).rejects.toThrow(/must not lie inside DATA_DIR/);
  });

  it.runIf(process.platform !== 'win32')('may not be readable by others', async () => {
    await chmod(path(), 0o640);
    await expect(read(false)).rejects.toThrow(/can be read by others/);
  });

  it('says which file holds no key', async () => {
    const masterKeyFile = join(folder, 'other.key');
    await writeFile(masterKeyFile, 'nonsense\n', { mode: 0o600 });
    await expect(read(true, { masterKeyFile })).rejects.toThrow(`${masterKeyFile} must hold 32 bytes`);
  });
});
