import { setImmediate } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { type BackTestOutcome, backTestOutcomes } from '../../../contracts/back-tests.ts';
import type { Database } from '../../../db/database.ts';
import { addBackTestCounts, type BackTestDecisionRow, type BackTestRow, type DecisionToJudge, endBackTestRow, findBackTest, insertBackTestDecisions, lockBackTest, readDecisions } from '../../../db/repositories/back-tests.repository.ts';
import { insertEvents } from '../../../db/repositories/events.repository.ts';
import { type JudgedDecision, judgeDecision } from './judge-decision.ts';
import { type ComparedSets, loadSets } from './sets.ts';
import { toBackTestEvent } from './to-back-test.ts';

/** Decisions judged between two writes: what a killed worker may have to judge again. */
const batchSize = 500;
/** How long judging may keep everything else of this process waiting. */
const turnMs = 10;
/** Pages that follow are told of progress no more often than this. */
const tellEveryMs = 500;

type Judged = JudgedDecision & { decision: DecisionToJudge };

async function judgeAll(sets: ComparedSets, decisions: readonly DecisionToJudge[], signal: AbortSignal | undefined): Promise<Judged[]> {
  const judged: Judged[] = [];
  let turnEnds = performance.now() + turnMs;
  for (const decision of decisions) {
    judged.push({ decision, ...judgeDecision(sets, decision) });
    if (performance.now() < turnEnds) continue;
    await setImmediate();
    signal?.throwIfAborted();
    turnEnds = performance.now() + turnMs;
  }
  return judged;
}

const countOutcomes = (judged: readonly Judged[]): Record<BackTestOutcome, number> => {
  const counts = Object.fromEntries(backTestOutcomes.map((outcome) => [outcome, 0])) as Record<BackTestOutcome, number>;
  for (const { outcome } of judged) counts[outcome]++;
  return counts;
};

const toRows = (backTestId: string, judged: readonly Judged[]): BackTestDecisionRow[] =>
  judged.flatMap(({ decision, outcome, live, draft, missingFacts }) => (outcome === 'unchanged' ? [] : [{
    back_test_id: backTestId, decision_id: decision.id, outcome, live_verdict: live?.verdict ?? null, draft_verdict: draft?.verdict ?? null,
    live_rules: live?.matchedRules ?? [], draft_rules: draft?.matchedRules ?? [], missing_facts: missingFacts,
  }]));

/** Writes a batch that was judged from `test` on, all or nothing; returns where to go on, undefined when it is over. */
async function recordBatch(db: Kysely<Database>, test: BackTestRow, judged: readonly Judged[], { isLast, isTold }: { isLast: boolean; isTold: boolean }): Promise<BackTestRow | undefined> {
  return db.transaction().execute(async (trx) => {
    const current = await lockBackTest(trx, test.id);
    if (current?.status !== 'running') return undefined;
    // Another attempt, of a worker that was taken for dead or is, was faster: what is counted is not counted again.
    if (current.cursor?.id !== test.cursor?.id) return current;
    const last = judged.at(-1)?.decision;
    await insertBackTestDecisions(trx, toRows(test.id, judged));
    const counted = last === undefined ? current : await addBackTestCounts(trx, test.id, { counts: countOutcomes(judged), cursor: { at: last.position_at, id: last.id } });
    const next = isLast ? await endBackTestRow(trx, test.id, { status: 'completed', error: null }) : counted;
    if (isTold || isLast) await insertEvents(trx, [toBackTestEvent(next)]);
    return isLast ? undefined : next;
  });
}

/**
 * Judges the decisions of a back-test from where its row says that it stands to the end of its range, and counts them there. Called
 * again, at any point and by any process, it goes on; one that has ended, or is not there, is left alone. Throws the reason of
 * `signal`, and BACK_TEST_OUTDATED.
 */
export async function carryOutBackTest({ db }: { db: Kysely<Database> }, { backTestId, signal }: { backTestId: string; signal?: AbortSignal | undefined }): Promise<void> {
  const found = await findBackTest(db, backTestId);
  if (found?.status !== 'running') return;
  const sets = await loadSets(db, found);
  let toldAt = performance.now();
  for (let test: BackTestRow | undefined = found; test !== undefined; ) {
    signal?.throwIfAborted();
    const decisions = await readDecisions(db, { from: test.from_at, to: test.to_at, agentIds: test.agent_ids }, { after: test.cursor, limit: batchSize });
    const judged = await judgeAll(sets, decisions, signal);
    const isTold = performance.now() - toldAt >= tellEveryMs;
    if (isTold) toldAt = performance.now();
    test = await recordBatch(db, test, judged, { isLast: decisions.length < batchSize, isTold });
  }
}
