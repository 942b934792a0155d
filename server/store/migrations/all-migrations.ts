import { log } from './0001-log.ts';
import { folded } from './0002-folded.ts';
import { accounts } from './0003-accounts.ts';
import { checkpointSizes } from './0004-checkpoint-sizes.ts';
import type { Migration } from './migration.ts';

/** In the order of their ids. */
export const allMigrations: readonly Migration[] = [log, folded, accounts, checkpointSizes];
