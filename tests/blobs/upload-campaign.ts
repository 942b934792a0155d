import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { httpBlobHub } from '../../shared/api/http-blob-hub.ts';
import type { BlobTransferParts } from '../../shared/log/blob-patience.ts';
import { downloadBlob } from '../../shared/log/download-blob.ts';
import { PieceSize } from '../../shared/log/piece-size.ts';
import { uploadBlob } from '../../shared/log/upload-blob.ts';
import { Dice } from '../property/dice.ts';
import { clinic, mib } from './blob-store.contract.ts';
import { CuttingProxy } from './cutting-proxy.ts';
import { drawnBlob } from './drawn-blob.ts';
import { httpClient } from './http-client.ts';
import { KillableHub } from './killable-hub.ts';
import { removeFolder, tempFolder } from './temp-folder.ts';

export interface CampaignCounts {
  uploads: number;
  wantedBytes: number;
  /** What passed the line, headers included. */
  sentBytes: number;
  cuts: number;
  lostAnswers: number;
  kills: number;
  growthBytes: number;
}

/** Waiting is not what is tested: a part of it does. */
const waitShare = 1 / 20;

const hashOf = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

/**
 * Two devices race to bring the same files to a hub, over a line that breaks every MiB on average, while the hub is killed
 * again and again; each file is then read back whole.
 * @throws Error naming the file that is not the same
 */
export async function uploadCampaign(options: {
  readonly seed: number;
  readonly first: number;
  readonly uploads: number;
  readonly size: number;
  readonly kills: number;
}): Promise<CampaignCounts> {
  const { seed, first, uploads, size, kills } = options;
  const dice = new Dice(seed);
  const folder = await tempFolder();
  const hub = new KillableHub(folder);
  await hub.start();
  const proxy = new CuttingProxy(dice.int(0, 2 ** 31), mib, () => hub.port);
  const line = await proxy.listen();

  const devices = [1, 2].map(() => {
    const client = httpClient(() => line, { 'X-Clinic': clinic });
    const parts: BlobTransferParts = {
      wait: (ms) => sleep(ms * waitShare),
      random: () => dice.next(),
      pieceSize: new PieceSize(),
    };
    return { client, hub: httpBlobHub(client.call, hashOf), parts };
  });
  const reader = httpClient(() => hub.port, { 'X-Clinic': clinic });

  async function bring(index: number): Promise<void> {
    const source = drawnBlob(index, size);
    const race = devices.map(async (device) => {
      for (;;) {
        const outcome = await uploadBlob(device.hub, source, device.parts);
        if (outcome.kind === 'done') return;
        if (outcome.kind === 'refused') throw new Error(`file ${index} was refused: ${outcome.code}`);
      }
    });
    await Promise.all(race);
    const hash = createHash('sha256');
    const sink = { held: async () => 0, bytes: async () => new Uint8Array(0), finish: async () => undefined };
    const append = async (): Promise<void> => undefined;
    const discard = async (): Promise<void> => {
      throw new Error(`file ${index} is not the same`);
    };
    const outcome = await downloadBlob(
      httpBlobHub(reader.call, hashOf),
      source.sha256,
      { ...sink, append, discard },
      {
        wait: (ms) => sleep(ms * waitShare),
        random: () => dice.next(),
        mostFailures: 100,
        startHash: () => hash,
      },
    );
    if (outcome.kind !== 'done') throw new Error(`file ${index} cannot be read: ${outcome.code}`);
  }

  const killAt = Array.from(
    { length: kills },
    (_, index) => ((index + dice.next()) / kills) * uploads * size,
  );
  let running = true;
  const killer = (async (): Promise<void> => {
    for (const bytes of killAt) {
      while (running && proxy.sentBytes < bytes) await sleep(5);
      if (!running) return;
      await hub.kill();
      await hub.start();
    }
  })();
  try {
    for (let index = first; index < first + uploads; index++) await bring(index);
    running = false;
    await killer;
    await hub.measure();
    const { kills: killed, growthBytes } = hub;
    const { sentBytes, cuts, lostAnswers } = proxy;
    return { uploads, wantedBytes: uploads * size, sentBytes, cuts, lostAnswers, kills: killed, growthBytes };
  } finally {
    running = false;
    await killer.catch(() => undefined);
    for (const { client } of devices) client.close();
    reader.close();
    await proxy.close();
    await hub.kill();
    await removeFolder(folder);
  }
}

export function campaignText({
  uploads,
  wantedBytes,
  sentBytes,
  cuts,
  lostAnswers,
  kills,
  growthBytes,
}: CampaignCounts) {
  const twice = (100 * (sentBytes - wantedBytes)) / wantedBytes;
  return `${uploads} files of ${wantedBytes / uploads / mib} MiB, each sent by two: all the same; ${cuts} cuts, ${lostAnswers} answers lost, ${kills} kills; ${twice.toFixed(1)} % sent twice, headers included; the hub grew by ${Math.round(growthBytes / mib)} MiB`;
}
