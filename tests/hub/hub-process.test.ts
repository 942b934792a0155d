import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Analysis } from '../../shared/api/analysis.ts';
import { Health } from '../../shared/api/health.ts';
import { Problem } from '../../shared/api/problem.ts';
import { phantomFile } from '../../shared/imaging/phantom-file.ts';
import { badFiles } from '../fixtures/bad-files.ts';
import { dicomdirFile } from '../fixtures/dicomdir-builder.ts';
import { zipFile } from '../fixtures/zip-builder.ts';
import { upload } from './hub-app.ts';
import { type HubProcess, startHubProcess } from './hub-process.ts';

const phantom = new Uint8Array(phantomFile({ width: 320, height: 288 }));

const signedIn = new WeakMap<HubProcess, ReturnType<HubProcess['signIn']>>();

async function predict(
  hub: HubProcess,
  bytes: Uint8Array<ArrayBuffer>,
  name: string,
  query = '',
): Promise<Response> {
  const session = signedIn.get(hub) ?? hub.signIn();
  signedIn.set(hub, session);
  return fetch(`${hub.address}api/v1/inference/predict${query}`, {
    ...upload(new File([bytes], name)),
    headers: await session,
  });
}

describe('a hub with the bundled models', () => {
  let hub: HubProcess;
  beforeAll(async () => {
    hub = await startHubProcess();
  });
  afterAll(async () => {
    hub.signal('SIGTERM');
    expect(await hub.exitCode).toBe(0);
  });

  it('says what it checked, where to go, how to begin and what is kept', () => {
    const text = hub.printed();
    expect(text).toMatch(
      /cxr-lungs .*reference check passed on onnxruntime-node [\d.]+ \(cpu\), largest error \S+e-\d/,
    );
    expect(text).toMatch(/cxr-pneumonia .*reference check passed/);
    expect(text).toContain(`${hub.address}`);
    expect(text).toMatch(/There are no accounts yet[^]*\/setup#[\w-]{43}\n/);
    expect(text).toContain('Accounts and their log are kept in');
  });

  it('reads for nobody who is not signed in', async () => {
    const answer = await fetch(`${hub.address}api/v1/inference/predict`, {
      ...upload(new File([phantom], 'phantom.png')),
      headers: {},
    });
    expect(answer.status).toBe(401);
  });

  it('explains a finding in the ways that were asked for', async () => {
    const answer = await predict(hub, phantom, 'phantom.png', '?explain=ig,layercam');
    const { findings } = Analysis.parse(await answer.json());
    expect(findings[0]?.explanations?.map(({ method }) => method)).toEqual(['ig', 'layercam']);
    expect(findings[0]?.heatmap?.method).toBe('gradcam');
  });

  it('reads the phantom and labels it as synthetic', async () => {
    const answer = await predict(hub, phantom, 'phantom.png');
    const analysis = Analysis.parse(await answer.json());
    expect(answer.status).toBe(200);
    expect(analysis).toMatchObject({
      file: 'phantom.png',
      image: { synthetic: true, width: 320, height: 288 },
    });
    expect(analysis.findings.length).toBeGreaterThan(0);
  });

  it.each(badFiles)('refuses $name without a number', async ({ name, bytes, code }) => {
    const answer = await predict(hub, new Uint8Array(bytes), name);
    const problem = Problem.parse(await answer.json());
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(problem.code).toMatch(code);
    expect(problem.analysis?.findings).toEqual([]);
    expect(JSON.stringify(problem)).not.toContain('probability');
  });

  it.each([
    ['image.archive', zipFile([{ name: 'a.png', bytes: phantom }])],
    ['image.dicomdir', new Uint8Array(dicomdirFile([{ type: 'IMAGE', file: 'A' }]))],
  ])('refuses several pictures in one, and says what to do: %s', async (code, bytes) => {
    const answer = await predict(hub, bytes, 'several');
    const problem = Problem.parse(await answer.json());
    expect({ status: answer.status, code: problem.code }).toEqual({ status: 415, code });
    expect(problem.analysis?.intake.reasons[0]?.advice).toMatch(/folder/);
  });

  it('refuses an upload over the limit and goes on', async () => {
    const tooLarge = new Uint8Array(65 * 1024 * 1024);
    expect((await predict(hub, tooLarge, 'large.dcm')).status).toBe(413);
    expect((await predict(hub, phantom, 'phantom.png')).status).toBe(200);
  });

  it('is in good health after all that: no child was lost', async () => {
    const answer = await fetch(`${hub.address}api/v1/health/`);
    expect(Health.parse(await answer.json())).toMatchObject({
      status: 'ok',
      pool: { restarts: 0, running: 0 },
    });
  });

  it('logs neither the names of files nor what was in them', async () => {
    await predict(hub, new TextEncoder().encode('planted-content'), 'planted-name.dcm');
    expect(hub.printed()).toContain('"code":"image.unknown-format"');
    expect(hub.printed()).not.toContain('planted');
  });
});

describe('a hub that is told to stop', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('answers what it has begun, then ends: %s', async (signal) => {
    const hub = await startHubProcess();
    await predict(hub, phantom, 'phantom.png');
    const answer = predict(hub, phantom, 'phantom.png');
    const running = async (): Promise<number> => {
      const health = await fetch(`${hub.address}api/v1/health/`);
      return Health.parse(await health.json()).pool.running;
    };
    await expect.poll(running).toBe(1);
    hub.signal(signal);
    expect((await answer).status).toBe(200);
    expect(await hub.exitCode).toBe(0);
  });
});

describe('a hub that cannot start', () => {
  it('says that its port is taken and ends with 1', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const hub = await startHubProcess({ PORT: String(port) });
    expect(await hub.exitCode).toBe(1);
    expect(hub.printed()).toContain(`Port ${port} is used by another program.`);
    other.close();
  });

  it('refuses an address that other machines can reach and ends with 1', async () => {
    const hub = await startHubProcess({ HOST: '0.0.0.0' });
    expect(await hub.exitCode).toBe(1);
    expect(hub.printed()).toContain('HOST may only be 127.0.0.1');
  });

  it('says which model is missing and ends with 3', async () => {
    const hub = await startHubProcess({ MODELS_DIR: '/nowhere' });
    expect(await hub.exitCode).toBe(3);
    expect(hub.printed()).toMatch(/cannot read images here\. A model file is missing\..*cxr-lungs/);
  });
});
