import type { Kysely } from 'kysely';
import type { BackTest, StartBackTestBody } from '../../../contracts/back-tests.ts';
import type { Database } from '../../../db/database.ts';
import { insertAuditEntry } from '../../../db/repositories/audit.repository.ts';
import { type BackTestRow, clampToNow, countDecisions, deleteBackTest, insertBackTest } from '../../../db/repositories/back-tests.repository.ts';
import { insertEvents } from '../../../db/repositories/events.repository.ts';
import { listLivePolicies } from '../../../db/repositories/policy-sets.repository.ts';
import { newId } from '../../../platform/ids.ts';
import { checkPolicySource, toPolicyVersion } from '../../safety/index.ts';
import { type Actor, toAuditActor } from '../actor.ts';
import { getWrittenPolicy } from '../policies/reading/get-written-policy.ts';
import { hashCedar } from '../policies/hash-cedar.ts';
import { requireValid } from '../policies/checking/require-valid.ts';
import type { BackTestRunner } from './runner.ts';
import { toBackTest, toBackTestEvent } from './to-back-test.ts';

interface Deps {
  db: Kysely<Database>;
  backTestRunner: BackTestRunner;
}

const toAudited = (row: BackTestRow) => ({ policy_id: row.policy_id, policy_version: row.policy_version, cedar_hash: row.cedar_hash, from: row.from_at.toISOString(), to: row.to_at.toISOString(), agent_ids: row.agent_ids, total: row.total });

/** Takes back what was written for a start that was refused. A workflow that was started all the same finds no row and ends itself. */
async function takeBack(db: Kysely<Database>, test: BackTestRow, actor: Actor): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await deleteBackTest(trx, test.id);
    await insertAuditEntry(trx, { ...toAuditActor(actor), action: 'back_test.not_started', objectType: 'back_test', objectId: test.id, before: toAudited(test) });
  });
}

/**
 * Starts judging the recorded decisions of a time range anew under a draft. The row is written first; when Temporal refuses it is taken back,
 * and when this process dies in between the sweeper says so in it. A range without a decision is completed at once. Throws POLICY_NOT_FOUND,
 * POLICY_BUILT_IN, POLICY_INVALID with `details.issues` for a draft that could not go live, and TEMPORAL_UNAVAILABLE.
 */
export async function startBackTest({ db, backTestRunner }: Deps, { body, actor }: { body: StartBackTestBody; actor: Actor }): Promise<BackTest> {
  const policyName = body.policy_id === null ? null : (await getWrittenPolicy(db, body.policy_id)).name;
  requireValid(checkPolicySource({ cedar: body.cedar }));
  const test = await db.transaction().execute(async (trx) => {
    const { setVersion } = await listLivePolicies(trx);
    const from = new Date(body.from);
    const to = await clampToNow(trx, new Date(body.to));
    const agentIds = [...new Set(body.agent_ids)];
    const total = await countDecisions(trx, { from, to, agentIds });
    const row = await insertBackTest(trx, {
      id: newId(), status: total === 0 ? 'completed' : 'running', policy_id: body.policy_id, policy_name: policyName, cedar: body.cedar, cedar_hash: hashCedar(body.cedar),
      policy_version: toPolicyVersion(setVersion), set_version: setVersion ?? null, from_at: from, to_at: to, agent_ids: agentIds, total,
      created_by: actor.userId, created_by_name: actor.name, finished_at: total === 0 ? new Date() : null,
    });
    await insertEvents(trx, [toBackTestEvent(row)]);
    await insertAuditEntry(trx, { ...toAuditActor(actor), action: 'back_test.start', objectType: 'back_test', objectId: row.id, after: toAudited(row) });
    return row;
  });
  if (test.status === 'completed') return toBackTest(test);
  try {
    await backTestRunner.start({ backTestId: test.id, subject: policyName ?? 'a new policy' });
  } catch (error) {
    await takeBack(db, test, actor);
    throw error;
  }
  return toBackTest(test);
}
