import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildInto } from '../../web/build/build-into.ts';
import { mayGoWithout, openProfile } from './open-browser.ts';
import { type PageServer, startPageServer } from './page-server.ts';
import { scanProfile, textForms } from './scan-profile.ts';

const root = fileURLToPath(new URL('../fixtures/records-page', import.meta.url));

const ann = { email: 'planted.ann@example.org', password: 'planted seven lungs' };
/** Each of them nowhere else; some with letters that a browser writes in two bytes. */
const planted = {
  names: Array.from({ length: 16 }, (_, index) => `Planted^Patient${index}${index % 2 ? 'Ärger' : 'Өлзий'}`),
  notes: Array.from(
    { length: 16 },
    (_, index) => `planted note ${index} about an effusion ${'й'.repeat(index)}`,
  ),
  fileNames: Array.from({ length: 15 }, (_, index) => `planted-film-${index}.dcm`),
  refreshToken: 'planted-refresh-token-0123456789',
};

/** Noise, so that a block of it is found as it is or not at all; with words in it, as in a DICOM file. */
function somePicture(): Buffer {
  const picture = randomBytes(3_500_000);
  picture.write('planted words in a tag', 2_000_000, 'latin1');
  return picture;
}

type Session = 'sealedSession' | 'plainSession';

describe.skipIf(mayGoWithout)('a profile that somebody copied', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fieldray-stolen-'));
  const at = (name: string): string => join(folder, name);
  let server: PageServer;

  beforeAll(async () => {
    await buildInto(at('page'), { root });
    server = await startPageServer();
    server.show(at('page'));
  }, 120_000);
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  async function inProfile<Result>(name: string, expression: string): Promise<Result> {
    const context = await openProfile(at(name));
    try {
      const page = await context.newPage();
      await page.goto(server.address);
      return await page.evaluate<Result>(expression);
    } finally {
      await context.close();
    }
  }

  /** @returns what was looked for, what was found of it, and how much was looked at */
  async function workAndScan(session: Session) {
    const picture = somePicture();
    const given = { ...planted, picture: picture.toString('hex') };
    const secret = await inProfile<string>(
      session,
      `${session}(${JSON.stringify(ann)}, ${JSON.stringify(given)})`,
    );
    const { names, notes, fileNames, refreshToken } = planted;
    const texts = [...names, ...notes, ...fileNames, refreshToken, ann.email, ann.password];
    const block = (from: number): readonly Buffer[] => [picture.subarray(from, from + 64)];
    const needles = new Map<string, readonly Buffer[]>([
      ...texts.map((text) => [text, textForms(text)] as const),
      ['pixels at the start', block(64)],
      ['pixels in the middle', block(1_700_000)],
      ['pixels at the end', block(3_499_000)],
      ['words in the picture', [Buffer.from('planted words in a tag')]],
      // Of PKCS #8 the last 32 bytes.
      ['signing key', [Buffer.from(secret.slice(-64), 'hex')]],
    ]);
    const scanned = scanProfile(at(session), needles);
    return { sought: [...needles.keys()], ...scanned };
  }

  it('shows all of it where nothing is sealed: the search is not blind', async () => {
    const { sought, found } = await workAndScan('plainSession');
    expect(found).toEqual(sought);
  });

  it('shows nothing of a patient, no password and no key, and opens for no guess, wherever it is and whatever the time', async () => {
    const { sought, found, files, bytes } = await workAndScan('sealedSession');
    expect(sought.length).toBeGreaterThanOrEqual(50);
    expect([files > 20, bytes > 7_000_000]).toEqual([true, true]);
    expect(found).toEqual([]);

    cpSync(at('sealedSession'), at('copy'), { recursive: true });
    const guesses = Array.from({ length: 5 }, (_, index) => ({ ...ann, password: `planted guess ${index}` }));
    const refused = 'account.wrong-credentials';
    const expression = `tryPasswords(${JSON.stringify([...guesses, ann])})`;
    expect(await inProfile('copy', expression)).toEqual([
      refused,
      refused,
      refused,
      ...Array.from({ length: 3 }, () => 'account.too-many-attempts'),
    ]);
    // A year later, or earlier, by the clock: the waiting is not over.
    for (const years of [1, -1]) {
      const shifted = `{ const now = Date.now; Date.now = () => now() + ${years} * 31_536_000_000; }`;
      expect(
        await inProfile('copy', `(() => { ${shifted} return tryPasswords(${JSON.stringify([ann])}); })()`),
      ).toEqual(['account.too-many-attempts']);
    }
    expect(await inProfile('sealedSession', `tryPasswords(${JSON.stringify([ann])})`)).toEqual(['opened']);
  }, 120_000);
});
