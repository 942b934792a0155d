import { runningSha256 } from '../../server/keys/node-crypto.ts';
import { verifyExport } from '../../shared/log/verify/verify-export.ts';
import type { Device } from './device.ts';
import { simulatedCrypto } from './simulated-crypto.ts';
import type { Office } from './office.ts';
import type { World } from './world.ts';

interface VerifyParts {
  readonly world: World;
  readonly office: Office;
  readonly devices: readonly Device[];
}

/**
 * The export is sound, with every receipt that any device ever got and the key that it was enrolled with.
 * @param isLostForGood whether nobody holds the content of an entry any more: it went with a hub that was restored
 */
export async function verifyAll(
  { world, office, devices }: VerifyParts,
  isLostForGood: (h: string) => boolean,
): Promise<void> {
  const bytes = await office.exported();
  const receipts = await Promise.all(
    devices.map(async ({ name, bareStore }) =>
      (await bareStore.receipts()).map((receipt, number) => ({ name: `${name}/${number}`, receipt })),
    ),
  );
  const report = await verifyExport(
    {
      async *open() {
        yield bytes;
      },
      pinnedKeys: [office.rootKey],
      receipts: receipts.flat(),
    },
    { ...simulatedCrypto, startSha256: runningSha256 },
  );
  const wrong = report.findings.filter(({ code, h }) => code !== 'body.lost' || !isLostForGood(h ?? ''));
  const say = (): string =>
    wrong
      .slice(0, 5)
      .map((finding) => JSON.stringify(finding))
      .join('\n');
  world.rules.check('the export verifies with every receipt', wrong.length === 0, say);
}
