import type { Migration } from 'kysely';
import * as initial from './20261123000000_initial.ts';
import * as models from './20261124000000_models.ts';
import * as tools from './20261125000000_tools.ts';
import * as policies from './20261126000000_policies.ts';
import * as signals from './20261130000200_signals.ts';
import * as origins from './20261130000300_origins.ts';
import * as auditSequence from './20261130000400_audit_sequence.ts';
import * as requestsOfCall from './20261130000600_requests_of_call.ts';

/** Every migration by its name, in order. A released one is never edited. */
export const migrations: Record<string, Migration> = {
  '20261123000000_initial': initial,
  '20261124000000_models': models,
  '20261125000000_tools': tools,
  '20261126000000_policies': policies,
  '20261130000200_signals': signals,
  '20261130000300_origins': origins,
  '20261130000400_audit_sequence': auditSequence,
  '20261130000600_requests_of_call': requestsOfCall,
};
