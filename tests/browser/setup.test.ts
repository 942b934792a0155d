import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AxeBuilder } from '@axe-core/playwright';
import { getRequestListener } from '@hono/node-server';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageFiles } from '../../server/entry/page-files.ts';
import { accountsHub, goodPassword } from '../hub/accounts-hub.ts';
import { buildPage } from './fieldray-page.ts';
import { mayGoWithout, openBrowser } from './open-browser.ts';

describe.skipIf(mayGoWithout)('the page behind the set-up link', () => {
  let browser: Browser;
  let server: Server;
  let hub: ReturnType<typeof accountsHub>;
  let address: string;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    hub = accountsHub({}, { page: pageFiles(buildPage())! });
    const answer = getRequestListener(hub.app.fetch);
    server = createServer((request, response) => void answer(request, response));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await openBrowser();
    page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage();
    page.on('console', (message) => {
      // The browser reports every refusal of the hub; those are what the test asks for.
      if (message.type() === 'error' && !message.text().includes('the server responded with a status')) {
        complaints.push(message.text());
      }
    });
    page.on('pageerror', (error) => complaints.push(error.message));
  }, 240_000);
  afterAll(async () => {
    await browser.close();
    server.closeAllConnections();
    server.close();
  });

  /** What axe has against the page; and that there was something to look at. */
  async function violations(): Promise<string[]> {
    const { violations: found, passes } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    expect(passes.length).toBeGreaterThan(10);
    return found.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
  }

  const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.id ?? '');

  it('says what is missing when the link was cut', async () => {
    await page.goto(`${address}/setup`);
    await page.getByRole('heading', { name: 'This link is not complete' }).waitFor();
    expect(await violations()).toEqual([]);
  });

  it('is filled in by keyboard alone, and names what is wrong where it is', async () => {
    const token = await hub.accounts.users.openSetup();
    await page.goto('about:blank');
    await page.goto(`${address}/setup#${token}`);
    await page.getByRole('heading', { name: 'Set up this hub' }).waitFor();
    expect(page.url()).toBe(`${address}/setup`);
    expect(await violations()).toEqual([]);
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('clinic');
    await page.keyboard.type('North clinic');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('e-mail address').waitFor();
    expect(await focused()).toBe('email');
    await page.keyboard.type('ada@example.org');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('password');
    await page.keyboard.type('password123');
    await page.keyboard.press('Enter');
    await page.getByText('It is among those that are tried first.').waitFor();
    expect(await focused()).toBe('password');
    expect(await violations()).toEqual([]);
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type(goodPassword);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    expect(await page.locator('#password').getAttribute('type')).toBe('text');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'The hub is set up' }).waitFor();
    expect(await page.locator('#done').innerText()).toContain('ada@example.org');
    expect(await violations()).toEqual([]);
    expect((await hub.signIn('ada@example.org')).account).toMatchObject({
      role: 'admin',
      clinic: { name: 'North clinic' },
    });
  });

  it.each([
    [360, 'light'],
    [1280, 'dark'],
  ] as const)('fits %i pixels, %s', async (width, colorScheme) => {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme });
    await page.goto('about:blank');
    await page.goto(`${address}/setup#${'x'.repeat(43)}`);
    await page.getByRole('heading', { name: 'Set up this hub' }).waitFor();
    const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement);
    expect(scrollWidth).toBe(clientWidth);
    expect(await violations()).toEqual([]);
    await page.fill('#clinic', 'Another');
    await page.fill('#email', 'eve@example.org');
    await page.fill('#password', goodPassword);
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.getByText('This link has been used, or an administrator exists already.').waitFor();
  });

  it('broke no rule of the page on the way', () => expect(complaints).toEqual([]));
});
