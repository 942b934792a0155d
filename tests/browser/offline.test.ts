import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phantomDicom } from '../fixtures/phantom-dicom.ts';
import { startHubProcess } from '../hub/hub-process.ts';
import { choose, openFieldray, openResult, untilListed, untilReady } from './fieldray-page.ts';
import { mayGoWithout, openProfile } from './open-browser.ts';

const buildScript = fileURLToPath(new URL('../../web/build/build-page.ts', import.meta.url));

let profile: string;

/** The whole promise in one journey, with a real hub, a real profile on the disk and nothing in between. */
describe.skipIf(mayGoWithout)('a device that has been online once', () => {
  beforeAll(async () => {
    execFileSync(process.execPath, [buildScript, '--if-stale']);
    profile = await mkdtemp(join(tmpdir(), 'fieldray-profile-'));
  }, 120_000);
  afterAll(() => rm(profile, { recursive: true }));

  it('reads without a network after a restart, and has the results after another one', async () => {
    const hub = await startHubProcess();
    const address = hub.address!;
    const online = await openProfile(profile);
    const first = await openFieldray(online, address);
    await untilReady(first.page);
    expect(first.complaints).toEqual([]);
    await online.close();
    hub.signal('SIGTERM');
    await hub.exitCode;

    const offline = await openProfile(profile);
    await offline.setOffline(true);
    const second = await openFieldray(offline, address);
    await untilReady(second.page);
    expect(await second.page.getByText('Everything here goes on working').isVisible()).toBe(true);
    await second.page.getByRole('button', { name: 'Try the phantom' }).click();
    expect(await untilListed(second.page, 'phantom.png', /Pneumonia/)).toContain('Synthetic');
    await choose(second.page, 'IM000001', phantomDicom());
    expect(await untilListed(second.page, 'IM000001', /Pneumonia: probability/)).toMatch(/operating point/);
    const before = await openResult(second.page, 'IM000001');
    expect(before).toMatch(/Probability [\w. ]*\d\.\d\d/);
    expect(second.complaints).toEqual([]);
    await offline.close();

    const again = await openProfile(profile);
    await again.setOffline(true);
    const third = await openFieldray(again, address);
    expect(await untilListed(third.page, 'phantom.png', /Pneumonia/)).toContain('Synthetic');
    const after = await openResult(third.page, 'IM000001');
    const numbers = (text: string): string | undefined => /Probability [^\n]+/.exec(text)?.[0];
    expect(numbers(after)).toBe(numbers(before));
    await third.page.locator('.viewer-stage canvas').first().waitFor();
    await third.page.getByText('Where this comes from').click();
    expect(await third.page.locator('.provenance').innerText()).toMatch(/WebAssembly|wasm/);
    expect(third.complaints).toEqual([]);
    await again.close();
  }, 180_000);
});
