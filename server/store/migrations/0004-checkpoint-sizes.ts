import type { Migration } from './migration.ts';

/** So that what an entry says it has seen can be looked up. */
export const checkpointSizes: Migration = {
  id: 4,
  name: 'checkpoint-sizes',
  statements: ['CREATE INDEX checkpoints_size ON checkpoints (tree, size)'],
};
