import { afterAll, beforeAll, describe } from 'vitest';
import { accountsContract } from './accounts.contract.ts';
import { auditContract } from './audit.contract.ts';
import { blobsContract } from './blobs.contract.ts';
import { pullContract } from './pull.contract.ts';
import { pushContract } from './push.contract.ts';
import { refusalsContract } from './refusals.contract.ts';
import { type HubUnderTest, setTheStage, type Stage } from './stage.ts';

/** What every runtime's hub does, asked over HTTP alone. The parts run in order, on one clinic. */
export function syncApiContract(name: string, start: () => Promise<HubUnderTest>): void {
  describe(`the sync API on ${name}`, () => {
    let stage: Stage | undefined;
    let hub: HubUnderTest | undefined;
    const onStage = (): Stage => stage!;
    beforeAll(async () => {
      hub = await start();
      stage = await setTheStage(hub);
    });
    afterAll(() => hub?.stop());
    describe('push', () => pushContract(onStage));
    describe('pull', () => pullContract(onStage));
    describe('audit', () => auditContract(onStage));
    describe('files', () => blobsContract(onStage));
    describe('accounts', () => accountsContract(onStage));
    describe('refusals', () => refusalsContract(onStage));
  });
}
