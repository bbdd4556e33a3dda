import type { BackTest } from '../../../contracts/back-tests.ts';
import type { NewMaestroEvent } from '../../../contracts/events.ts';
import type { BackTestRow } from '../../../db/repositories/back-tests.repository.ts';

/** A back-test as the api shows it. */
export const toBackTest = (row: BackTestRow): BackTest => ({
  id: row.id,
  status: row.status,
  policy_id: row.policy_id,
  policy_name: row.policy_name,
  cedar: row.cedar,
  cedar_hash: row.cedar_hash,
  policy_version: row.policy_version,
  from: row.from_at.toISOString(),
  to: row.to_at.toISOString(),
  agent_ids: row.agent_ids,
  total: row.total,
  done: row.done,
  counts: { looser: row.looser, stricter: row.stricter, unchanged: row.unchanged, not_replayable: row.not_replayable },
  error: row.error,
  created_by: { user_id: row.created_by, name: row.created_by_name },
  created_at: row.created_at.toISOString(),
  finished_at: row.finished_at?.toISOString() ?? null,
});

/** Tells open pages how far it is. */
export const toBackTestEvent = ({ id, status, done, total }: BackTestRow): NewMaestroEvent => ({ type: 'back-test-changed', run_id: null, data: { back_test_id: id, status, done, total } });
