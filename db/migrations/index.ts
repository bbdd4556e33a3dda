import type { Migration } from 'kysely';
import * as initial from './20261123000000_initial.ts';
import * as models from './20261124000000_models.ts';
import * as tools from './20261125000000_tools.ts';
import * as policies from './20261126000000_policies.ts';

/** Every migration by its name, in order. A released one is never edited. */
export const migrations: Record<string, Migration> = {
  '20261123000000_initial': initial,
  '20261124000000_models': models,
  '20261125000000_tools': tools,
  '20261126000000_policies': policies,
};
