import type { BrowserContext, Page } from 'playwright-core';
import type { RecordsStatus } from '../../web/engine/records-api.ts';
import { eventually } from './fieldray-page.ts';

/** A window of the page that has the records and nothing else (`tests/fixtures/device-page`). */
export interface DeviceWindow {
  readonly page: Page;
  /** What it answers, or the code of what it threw. */
  ask<Answer = unknown>(call: string, ...args: readonly unknown[]): Promise<Answer>;
  status(): Promise<RecordsStatus | undefined>;
  untilVault(state: RecordsStatus['vault']): Promise<void>;
  /** Both ways are done. */
  untilSettled(): Promise<void>;
}

/** @param complaints where errors of its console go */
export async function openDeviceWindow(
  context: BrowserContext,
  address: string,
  complaints: string[],
): Promise<DeviceWindow> {
  const page = await context.newPage();
  page.on('console', (message) => {
    const isComplaint = message.type() === 'error' && !/ERR_|status of/.test(message.text());
    if (isComplaint) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(address);
  const status = (): Promise<RecordsStatus | undefined> => page.evaluate('recordsStatus()');
  return {
    page,
    async ask<Answer>(call: string, ...args: readonly unknown[]): Promise<Answer> {
      const given = args.map((arg) => JSON.stringify(arg)).join(', ');
      const said = await page.evaluate<{ answer?: Answer; code?: string }>(
        call === 'appendFiles' ? `appendFiles(${given})` : `ask('${call}', [${given}])`,
      );
      return said.code === undefined ? said.answer! : (said.code as Answer);
    },
    status,
    untilVault: async (state) => eventually(async () => (await status())?.vault).toBe(state),
    untilSettled: async () =>
      eventually(async () => {
        const now = await status();
        return [now?.sync.state, now?.open?.counts.outbox];
      }).toEqual(['settled', 0]),
  };
}
