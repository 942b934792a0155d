import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serveTestHub } from '../records/served-hub.ts';
import { buildPage, eventually, openFieldray } from './fieldray-page.ts';
import { mayGoWithout, openProfile } from './open-browser.ts';

const ann = { email: 'ann@example.org', password: 'seven lungs under glass' };
const bob = { email: 'bob@example.org', password: 'nine ribs behind a door' };

describe.skipIf(mayGoWithout)('an account on a device', () => {
  let hub: Awaited<ReturnType<typeof serveTestHub>>;
  let profile: string;
  let context: BrowserContext;
  let page: Page;
  let complaints: string[];

  beforeEach(async () => {
    profile = mkdtempSync(join(tmpdir(), 'fieldray-account-'));
    hub = await serveTestHub(buildPage());
    await hub.member(ann.email, ann.password, 'doctor');
    await hub.member(bob.email, bob.password, 'user');
    context = await openProfile(profile);
    ({ page, complaints } = await openFieldray(context, hub.address));
  }, 120_000);
  afterEach(async () => {
    await context.close();
    await hub.close();
    rmSync(profile, { recursive: true });
  });

  const heading = (): Promise<string> => page.locator('h1').innerText();
  const write = async ({ email, password }: typeof ann): Promise<void> => {
    await page.getByLabel('E\u2011mail address', { exact: true }).fill(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
  };
  const press = (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();
  const alert = (): Promise<string> => page.getByRole('alert').innerText();

  async function signIn(person: typeof ann): Promise<void> {
    await write(person);
    await page.getByLabel('Name of this device').fill('Laptop of the ward');
    await press('Sign in');
  }

  it('is signed in once, locked, and unlocked without the hub; a wrong password is told', async () => {
    await page.getByRole('link', { name: 'Sign in' }).click();
    await eventually(heading).toBe('Sign in');
    await signIn({ ...ann, password: 'a wrong password' });
    await eventually(alert).toContain('The address or the password is wrong.');
    await signIn(ann);
    await eventually(heading).toBe('Account and sync');
    await eventually(() => page.locator('main').innerText()).toContain('Everything is at the hub.');
    expect(await page.locator('main').innerText()).toMatch(/ann@example\.org, doctor/);

    await press('Lock this device');
    await eventually(heading).toBe('Unlock');
    hub.online(false);
    await page.reload();
    await eventually(heading).toBe('Unlock');
    await write({ ...ann, password: 'a wrong password' });
    await press('Unlock');
    await eventually(alert).toContain('The address or the password is wrong.');
    await write(ann);
    await press('Unlock');
    await eventually(heading).toBe('Account and sync');
    await eventually(() => page.locator('main').innerText()).toContain('The hub is not in reach.');
    expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
  });

  it('lets a second person in with the help of the first', async () => {
    await page.goto(`${hub.address}#/account`);
    await signIn(ann);
    await eventually(heading).toBe('Account and sync');
    await press('Lock this device');
    await press('Sign in as somebody who is new here');
    await signIn(bob);
    await eventually(alert).toContain('does not know this password yet');
    await write(bob);
    await page.getByLabel('Their e\u2011mail address').fill(ann.email);
    await page.getByLabel('Their password').fill(ann.password);
    await press('Sign in');
    await eventually(() => page.locator('main').innerText()).toContain('bob@example.org, user');
    await press('Lock this device');
    await write(bob);
    await press('Unlock');
    await eventually(() => page.locator('main').innerText()).toContain('bob@example.org, user');
  });

  it('opens with a finger, once the password has allowed it, and says so when it is refused', async () => {
    // A passkey belongs to a name, and an address has none.
    const named = hub.address.replace('127.0.0.1', 'localhost');
    const session = await context.newCDPSession(page);
    await session.send('WebAuthn.enable');
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        ctap2Version: 'ctap2_1',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        hasPrf: true,
      },
    });
    await page.goto(`${named}#/account`);
    await signIn(ann);
    await eventually(heading).toBe('Account and sync');
    await page.getByLabel('Your password, once more').fill('a wrong password');
    await press('Add a passkey');
    await eventually(alert).toContain('The address or the password is wrong.');
    await page.getByLabel('Your password, once more').fill(ann.password);
    await press('Add a passkey');
    await page.getByText('The passkey opens this device from now on.').waitFor();
    await press('Lock this device');
    await press('Unlock with finger, face or PIN');
    await eventually(heading).toBe('Account and sync');
    await press('Lock this device');
    await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    await press('Unlock with finger, face or PIN');
    await eventually(alert).toContain('was not accepted, or nobody answered');
    expect(await heading()).toBe('Unlock');
  }, 60_000);
});
