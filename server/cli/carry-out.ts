import { readConfig } from '../config.ts';
import { openRecords } from '../entry/open-records.ts';
import { operatorOf } from '../entry/operator-of.ts';
import type { OperatorAnswer, OperatorCommand } from '../operator/operator-api.ts';
import { remoteOperator } from '../operator/operator-socket.ts';
import type { Terminal } from './terminal.ts';

/** Through the running hub, or else on the records themselves, which are then locked for as long as it takes. */
export async function carryOut(
  command: OperatorCommand,
  terminal: Terminal,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<OperatorAnswer> {
  const config = readConfig(environment);
  const answer = await remoteOperator(config.dataDir).run(command);
  if (answer !== undefined) return answer;
  const records = await openRecords(config, (line) => terminal.err(`${line}\n`));
  try {
    return await operatorOf(records).run(command);
  } finally {
    await records.close();
  }
}
