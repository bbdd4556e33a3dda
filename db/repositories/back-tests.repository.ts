import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { BackTestOutcome } from '../../contracts/back-tests.ts';
import type { Database } from '../database.ts';
import { microsecondText } from '../microsecond-text.ts';
import { toJsonb, toStorableText } from '../storable.ts';
import type { BackTestDecisionsTable, BackTestsTable } from '../tables/policies.table.ts';
import type { SafetyChecksTable } from '../tables/safety.table.ts';

export type BackTestRow = Selectable<BackTestsTable>;
export type BackTestDecisionRow = Selectable<BackTestDecisionsTable>;
/** A place in the ledger or in the list of back-tests, with the microseconds the database keeps. */
export interface TimePosition {
  at: string;
  id: string;
}

interface DecisionRange {
  from: Date;
  /** Exclusive. */
  to: Date;
  /** Empty: every agent. */
  agentIds: readonly string[];
}

const inRange = (db: Kysely<Database>, { from, to, agentIds }: DecisionRange) => {
  const query = db.selectFrom('safety_checks').where('safety_checks.created_at', '>=', from).where('safety_checks.created_at', '<', to);
  return agentIds.length === 0 ? query : query.where('safety_checks.agent_id', 'in', [...agentIds]);
};

/** `to`, or the database's own now where that comes first. */
export async function clampToNow(db: Kysely<Database>, to: Date): Promise<Date> {
  const { rows } = await sql<{ at: Date }>`select least(${to}::timestamptz, date_trunc('milliseconds', now())) as at`.execute(db);
  return rows[0]?.at ?? to;
}

export async function countDecisions(db: Kysely<Database>, range: DecisionRange): Promise<number> {
  const { count } = await inRange(db, range).select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
  return Number(count);
}

/** A recorded verdict with all it is judged anew from. */
export type DecisionToJudge = Pick<Selectable<SafetyChecksTable>, 'id' | 'tool_name' | 'risk_level' | 'effect' | 'facts' | 'verdict' | 'matched_rules'> & { position_at: string };

/** Decisions of the range in the order they were made, after `after`. */
export async function readDecisions(db: Kysely<Database>, range: DecisionRange, { after, limit }: { after: TimePosition | null; limit: number }): Promise<DecisionToJudge[]> {
  let query = inRange(db, range)
    .select(['id', 'tool_name', 'risk_level', 'effect', 'facts', 'verdict', 'matched_rules', microsecondText('created_at').as('position_at')])
    .orderBy('created_at').orderBy('id').limit(limit);
  if (after !== null) query = query.where(sql<boolean>`(created_at, id) > (${after.at}::timestamptz, ${after.id}::uuid)`);
  return query.execute();
}

export type NewBackTest = Pick<BackTestRow, 'id' | 'status' | 'policy_id' | 'policy_name' | 'cedar' | 'cedar_hash' | 'policy_version' | 'set_version' | 'from_at' | 'to_at' | 'agent_ids' | 'total' | 'created_by' | 'created_by_name' | 'finished_at'>;

export async function insertBackTest(trx: Transaction<Database>, test: NewBackTest): Promise<BackTestRow> {
  return trx
    .insertInto('back_tests')
    .values({ ...test, cedar: toStorableText(test.cedar), agent_ids: toJsonb(test.agent_ids) })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function findBackTest(db: Kysely<Database>, backTestId: string): Promise<BackTestRow | undefined> {
  return db.selectFrom('back_tests').selectAll().where('id', '=', backTestId).executeTakeFirst();
}

/** A back-test, held until the transaction ends. */
export async function lockBackTest(trx: Transaction<Database>, backTestId: string): Promise<BackTestRow | undefined> {
  return trx.selectFrom('back_tests').selectAll().where('id', '=', backTestId).forUpdate().executeTakeFirst();
}

export async function deleteBackTest(trx: Transaction<Database>, backTestId: string): Promise<void> {
  await trx.deleteFrom('back_tests').where('id', '=', backTestId).execute();
}

/** Counts what was judged and moves on to where the next batch begins. */
export async function addBackTestCounts(trx: Transaction<Database>, backTestId: string, { counts, cursor }: { counts: Record<BackTestOutcome, number>; cursor: TimePosition }): Promise<BackTestRow> {
  const judged = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return trx
    .updateTable('back_tests')
    .set((eb) => ({
      done: eb('done', '+', judged), looser: eb('looser', '+', counts.looser), stricter: eb('stricter', '+', counts.stricter),
      unchanged: eb('unchanged', '+', counts.unchanged), not_replayable: eb('not_replayable', '+', counts.not_replayable), cursor: toJsonb(cursor),
    }))
    .where('id', '=', backTestId)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Ends a back-test. A completed one has judged all there was: decisions may have been deleted, or their transaction was still open when they were counted. */
export async function endBackTestRow(trx: Transaction<Database>, backTestId: string, { status, error }: { status: 'completed' | 'cancelled' | 'failed'; error: string | null }): Promise<BackTestRow> {
  return trx
    .updateTable('back_tests')
    .set((eb) => ({ status, error, finished_at: new Date(), ...(status === 'completed' ? { total: eb.ref('done') } : {}) }))
    .where('id', '=', backTestId)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Keeps decisions that changed or cannot be judged; those that are there stay as they are. */
export async function insertBackTestDecisions(trx: Transaction<Database>, decisions: readonly BackTestDecisionRow[]): Promise<void> {
  if (decisions.length === 0) return;
  await trx
    .insertInto('back_test_decisions')
    .values(decisions.map((decision) => ({ ...decision, live_rules: toJsonb(decision.live_rules), draft_rules: toJsonb(decision.draft_rules), missing_facts: toJsonb(decision.missing_facts) })))
    .onConflict((conflict) => conflict.columns(['back_test_id', 'decision_id']).doNothing())
    .execute();
}

/** Back-tests newest first. */
export async function listBackTestRows(db: Kysely<Database>, { policyId, after, limit }: { policyId?: string | undefined; after?: TimePosition | undefined; limit: number }): Promise<(BackTestRow & { position_at: string })[]> {
  let query = db.selectFrom('back_tests').selectAll().select(microsecondText('created_at').as('position_at')).orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit);
  if (policyId !== undefined) query = query.where('policy_id', '=', policyId);
  if (after !== undefined) query = query.where(sql<boolean>`(created_at, id) < (${after.at}::timestamptz, ${after.id}::uuid)`);
  return query.execute();
}

/** Back-tests that are under way by their row and were started before `before`. */
export async function listRunningBackTests(db: Kysely<Database>, before: Date): Promise<BackTestRow[]> {
  return db.selectFrom('back_tests').selectAll().where('status', '=', 'running').where('created_at', '<', before).orderBy('created_at').execute();
}

/** A decision of a back-test with what the ledger says of it. */
export type BackTestDecisionView = BackTestDecisionRow & Pick<Selectable<SafetyChecksTable>, 'run_id' | 'agent_id' | 'tool_name' | 'risk_level' | 'verdict' | 'created_at'> & { agent_name: string | null; step_id: string | null };

/** Decisions of one outcome in the order they were made, after `afterId`. */
export async function listBackTestDecisionViews(
  db: Kysely<Database>,
  { backTestId, outcome, afterId, limit }: { backTestId: string; outcome: BackTestDecisionRow['outcome']; afterId?: string | undefined; limit: number },
): Promise<BackTestDecisionView[]> {
  let query = db
    .selectFrom('back_test_decisions')
    .innerJoin('safety_checks', 'safety_checks.id', 'back_test_decisions.decision_id')
    .leftJoin('agents', 'agents.id', 'safety_checks.agent_id')
    .selectAll('back_test_decisions')
    .select(['safety_checks.run_id', 'safety_checks.agent_id', 'safety_checks.tool_name', 'safety_checks.risk_level', 'safety_checks.verdict', 'safety_checks.created_at', 'agents.name as agent_name'])
    .select((eb) => eb.selectFrom('steps').select('steps.id').whereRef('steps.run_id', '=', 'safety_checks.run_id').whereRef('steps.safety_check_id', '=', 'safety_checks.id').limit(1).as('step_id'))
    .where('back_test_decisions.back_test_id', '=', backTestId)
    .where('back_test_decisions.outcome', '=', outcome)
    .orderBy('back_test_decisions.decision_id')
    .limit(limit);
  if (afterId !== undefined) query = query.where('back_test_decisions.decision_id', '>', afterId);
  return query.execute();
}
