import { readConfig } from '../../../server/config.ts';
import { startHub } from '../../../server/entry/start-hub.ts';
import { fakePool } from '../../hub/fake-pool.ts';

/** The hub as it is, but for models that are never ready: records must not wait for them. */
const pool = { ...fakePool(), ready: () => new Promise<never>(() => undefined) };
const print = (line: string): void => void process.stdout.write(`${line}\n`);
await startHub(readConfig(process.env), pool, print);
